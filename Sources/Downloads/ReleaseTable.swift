// Everything that `scant fetch` knows: one entry per release, with its source.
//
// Sizes and digests are the publishers' (Zenodo states both; Hugging Face and GitHub state SHA-256)
// or those in the index files and loaders of soundata, mirdata, SpeechBrain and kapre. What none of
// them states is left out, and the first download is recorded instead.

/// The releases that can be fetched.
package enum ReleaseTable {
  package static let all: [Release] = data + weights

  package static func release(_ id: String) -> Release? { all.first { $0.id == id } }

  /// What to add to an error about a missing data set or network; empty if it cannot be fetched.
  package static func hint(_ id: String) -> String {
    release(id)?.parts.isEmpty == false ? "; to download it: scant fetch \(id)" : ""
  }

  // MARK: data sets

  static let data: [Release] = [
    Release(
      .data, "openmic2018", title: "OpenMIC-2018",
      citation: "Humphrey, Durand & McFee 2018, doi:10.5281/zenodo.1432913",
      licence: "CC BY 4.0; clips under Creative Commons licences of their own",
      page: "https://zenodo.org/records/1432913",
      parts: [
        ReleasePart(
          "all", marks: ["partitions/split01_train.csv", "openmic-2018.npz", "audio"],
          files: [
            zenodo(
              1_432_913, "openmic-2018-v1.0.0.tgz", 2_623_376_754,
              "e4ccf187e2bb5ab2e115416e8aafe7f4", .tar(folder: "", strip: 1))
          ])
      ]),
    Release(
      .data, "sonyc-ust-v2", title: "SONYC-UST v2.3",
      citation: "Cartwright et al. 2020, arXiv:2009.05188", licence: "CC BY 4.0",
      page: "https://zenodo.org/records/3966543",
      parts: [
        ReleasePart(
          "labels", marks: ["annotations.csv"],
          files: [
            zenodo(
              3_966_543, "annotations.csv", 14_488_305, "70b507b15bb4cfcce4870925302f276b",
              .place("annotations.csv")),
            zenodo(
              3_966_543, "dcase-ust-taxonomy.yaml", 1_081, "6c1cca1c4c383a6ebb0cb71cb74fe3a9",
              .place("dcase-ust-taxonomy.yaml")),
          ]),
        ReleasePart(
          "audio", about: 13_300_000_000, marks: ["audio|audio-0"], files: SONYCVolumes.files),
      ]),
    Release(
      .data, "magnatagatune", title: "MagnaTagATune", citation: "Law et al. 2009, ISMIR",
      licence: "CC BY-NC-SA 3.0",
      page: "https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
      parts: [
        ReleasePart(
          "labels", marks: ["annotations_final.csv"],
          files: [
            city(
              "annotations_final.csv", 21_517_373, "f04fa01752a8cc64f6e1ca142a0fef1d",
              .place("annotations_final.csv")),
            city(
              "clip_info_final.csv", 8_608_397, "03ef3cb8ddcfe53fdcdb8e0cda005be2",
              .place("clip_info_final.csv")),
          ]),
        ReleasePart(
          "audio", about: 3_000_000_000, marks: ["audio"],
          files: [
            city("mp3.zip.001", nil, "179c91c8c2a6e9b3da3d4e69d306fd3b", .volume),
            city("mp3.zip.002", nil, "acf8265ff2e35c6ff22210e46457a824", .volume),
            city(
              "mp3.zip.003", nil, "582dc649cabb8cd991f09e14b99349a5",
              .zip(folder: "audio", strip: 0)),
          ]),
      ]),
    Release(
      .data, "esc50", title: "ESC-50", citation: "Piczak 2015, doi:10.1145/2733373.2806390",
      licence: "CC BY-NC 3.0 (ESC-10: CC BY 3.0)",
      page: "https://github.com/karolpiczak/ESC-50",
      parts: [
        ReleasePart(
          "all", marks: ["meta/esc50.csv", "audio"],
          files: [
            RemoteFile(
              "ESC-50.zip",
              [
                "https://github.com/karolpiczak/ESC-50/archive/"
                  + "33c8ce9eb2cf0b1c2f8bcf322eb349b6be34dbb6.zip"
              ], bytes: 645_832_161,
              .sha256("661183a6f53ef04f12c9bd618fed0ddc1713280d6c94a5a5431e844ba6f6a21f"),
              use: .zip(folder: "", strip: 1))
          ])
      ]),
    Release(
      .data, "fsd50k", title: "FSD50K", citation: "Fonseca et al. 2022, arXiv:2010.00475",
      licence: "CC BY 4.0; clips under CC0, CC BY, CC BY-NC or CC Sampling+",
      page: "https://zenodo.org/records/4060432",
      parts: [
        ReleasePart(
          "labels", marks: ["FSD50K.ground_truth"],
          files: [
            fsd("ground_truth.zip", 334_701, "ca27382c195e37d2269c4c866dd73485"),
            fsd("metadata.zip", 6_700_838, "b9ea0c829a411c1d42adb9da539ed237"),
            fsd("doc.zip", 6_984, "3516162b82dc2945d3e7feba0904e800"),
          ]),
        ReleasePart(
          "dev-audio", marks: ["FSD50K.dev_audio"],
          files: [
            fsd("dev_audio.z01", 3_221_225_472, "faa7cf4cc076fc34a44a479a5ed862a3"),
            fsd("dev_audio.z02", 3_221_225_472, "8f9b66153e68571164fb1315d00bc7bc"),
            fsd("dev_audio.z03", 3_221_225_472, "1196ef47d267a993d30fa98af54b7159"),
            fsd("dev_audio.z04", 3_221_225_472, "d088ac4e11ba53daf9f7574c11cccac9"),
            fsd("dev_audio.z05", 3_221_225_472, "81356521aa159accd3c35de22da28c7f"),
            fsd("dev_audio.zip", 2_306_663_327, "c480d119b8f7a7e32fdb58f3ea4d6c5a"),
          ]),
        ReleasePart(
          "eval-audio", marks: ["FSD50K.eval_audio"],
          files: [
            fsd("eval_audio.z01", 3_221_225_472, "3090670eaeecc013ca1ff84fe4442aeb"),
            fsd("eval_audio.zip", 3_037_675_767, "6fa47636c3a3ad5c7dfeba99f2637982"),
          ]),
      ]),
    Release(
      .data, "urbansound8k", title: "UrbanSound8K",
      citation: "Salamon, Jacoby & Bello 2014, doi:10.1145/2647868.2655045",
      licence: "CC BY-NC 3.0", page: "https://zenodo.org/records/1203745",
      parts: [
        ReleasePart(
          "all", marks: ["metadata/UrbanSound8K.csv", "audio"],
          files: [
            zenodo(
              1_203_745, "UrbanSound8K.tar.gz", 6_023_741_708, "9aa69802bbf37fb986f71ec1483a196e",
              .tar(folder: "", strip: 1))
          ])
      ]),
    Release(
      .data, "mtg-jamendo", title: "MTG-Jamendo, labels",
      citation: "Bogdanov et al. 2019, hdl:10230/42015",
      licence: "CC BY-NC-SA 4.0; tracks under Creative Commons licences of their own",
      page: "https://github.com/MTG/mtg-jamendo-dataset",
      note: "labels of all subsets and splits; the sounds (hundreds of gigabytes) come with the"
        + " download script of the page and belong in audio/",
      parts: [
        ReleasePart(
          "labels", marks: ["data/splits|metadata/data/splits"],
          files: [
            zenodo(
              3_826_813, "data.zip", nil, "039ce10f267f6e4e9f72837c76d72b2f",
              .zip(folder: "", strip: 0))
          ])
      ]),
  ]

  // MARK: weights

  static let weights: [Release] = [
    Release(
      .weights, "mn04", title: "EfficientAT mn04", citation: "Schmid et al. 2023, arXiv:2211.04772",
      licence: "MIT", page: "https://github.com/fschmid56/EfficientAT",
      parts: [
        ReleasePart(
          "all", marks: ["mn04_as_mAP_432.pt", "class_labels_indices.csv"],
          files: [
            RemoteFile(
              "mn04_as_mAP_432.pt",
              [
                "https://github.com/fschmid56/EfficientAT/releases/download/v0.0.1/"
                  + "mn04_as_mAP_432.pt"
              ], bytes: 4_066_513,
              .sha256("899a8c6217063f6941793102a2780b3dd788ab11fce468d9cf5f0577c453321c"),
              use: .place("mn04_as_mAP_432.pt")),
            RemoteFile(
              "class_labels_indices.csv",
              [
                "https://raw.githubusercontent.com/fschmid56/EfficientAT/main/metadata/"
                  + "class_labels_indices.csv"
              ], use: .place("class_labels_indices.csv")),
          ])
      ]),
    Release(
      .weights, "yamnet", title: "YAMNet", citation: "Howard et al. 2017, arXiv:1704.04861",
      licence: "Apache-2.0",
      page: "https://github.com/tensorflow/models/tree/master/research/audioset/yamnet",
      parts: [
        ReleasePart(
          "all", marks: ["yamnet.h5", "yamnet_class_map.csv"],
          files: [
            RemoteFile(
              "yamnet.h5", ["https://storage.googleapis.com/audioset/yamnet.h5"],
              bytes: 15_296_092,
              .sha256("13c3308955bbfaef262f175ac9c40e47b134573a93984f009220dd7cc12a1744"),
              use: .place("yamnet.h5")),
            RemoteFile(
              "yamnet_class_map.csv",
              [
                "https://raw.githubusercontent.com/tensorflow/models/master/research/audioset/"
                  + "yamnet/yamnet_class_map.csv"
              ], use: .place("yamnet_class_map.csv")),
          ])
      ]),
    Release(
      .weights, "vggish", title: "VGGish", citation: "Hershey et al. 2017, arXiv:1609.09430",
      licence: "Apache-2.0", page: "https://github.com/harritaylor/torchvggish",
      parts: [
        ReleasePart(
          "all", marks: ["vggish-10086976.pth", "vggish_pca_params-970ea276.pth"],
          files: [
            torchVGGish("vggish-10086976.pth", 288_567_937),
            torchVGGish("vggish_pca_params-970ea276.pth", 181_358),
          ])
      ]),
    Release(
      .weights, "openl3", title: "OpenL3",
      citation: "Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475", licence: "CC BY 4.0",
      page: "https://github.com/marl/openl3",
      parts: [
        openL3(
          "mel256_music", isUsual: true,
          .sha256("e379f41e880b78e157c199ebddac80d3764e6a46282bcccdbe875bcf538f9afd")),
        openL3("mel256_env", isUsual: true), openL3("mel128_music"), openL3("mel128_env"),
        openL3("linear_music"), openL3("linear_env"),
      ]),
    Release(
      .weights, "musicnn", title: "musicnn", citation: "Pons and Serra 2019, arXiv:1909.06654",
      licence: "ISC", page: "https://github.com/Quint-e/musicnn_keras",
      parts: [
        ReleasePart(
          "all",
          marks: ["MTT_musicnn.h5", "MSD_musicnn.h5", "MTT_vgg.h5", "MSD_vgg.h5"],
          files: [
            musicnn(
              "MTT_musicnn.h5", 3_319_120,
              "1a66a2e58e862e894c088bd7789b05874becf994f275c54d9575dab83fab4ebe"),
            musicnn(
              "MSD_musicnn.h5", 3_319_120,
              "412a832c8527a813e084ba6f2cc7d068ecbbf1b68bda8c1de2e7de0d1f5fe7d1"),
            musicnn(
              "MTT_vgg.h5", 2_500_672,
              "52093b533665403c182b3e9cb552ccf09cb90d8c0c7e9d531159c2369b53b548"),
            musicnn(
              "MSD_vgg.h5", 2_500_672,
              "1ec4ee44cbba8c3132c08826f57e84e8b4fc32baddbba65a0bc0670b14f902e8"),
          ])
      ]),
    Release(
      .weights, "ast", title: "AST", citation: "Gong, Chung & Glass 2021, arXiv:2104.01778",
      licence: "BSD-3-Clause",
      page: "https://huggingface.co/MIT/ast-finetuned-audioset-10-10-0.4593",
      parts: [
        ReleasePart(
          "all", marks: ["model.safetensors"],
          files: [
            RemoteFile(
              "model.safetensors",
              [
                "https://huggingface.co/MIT/ast-finetuned-audioset-10-10-0.4593/resolve/"
                  + "f826b80d28226b62986cc218e5cec390b1096902/model.safetensors",
                "https://huggingface.co/MIT/ast-finetuned-audioset-10-10-0.4593/resolve/main/"
                  + "model.safetensors",
              ], bytes: 346_404_948,
              .sha256("ae0c1e2ad4e1381d851fa9bf298ba13ebc9c5a914cdee2dbe427a6583869924d"),
              use: .place("model.safetensors"))
          ])
      ]),
    Release(
      .weights, "kwt1", title: "Keyword Transformer KWT-1",
      citation: "Berg et al. 2021, arXiv:2104.00769", licence: "Apache-2.0",
      page: "https://github.com/ARM-software/keyword-transformer",
      note: "its authors publish a TensorFlow checkpoint, which Scant does not read; convert its"
        + " tensors to kwt1_v2_12.safetensors",
      parts: []),
  ]
}
