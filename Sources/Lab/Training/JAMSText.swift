// Predictions for a sound in the JSON Annotated Music Specification.
import Foundation

/// A JAMS document with one annotation of the namespace `tag_open`: an observation for each part of
/// a sound in which a class was found.
/// Source: Humphrey et al. 2014, "JAMS: a JSON annotated music specification for reproducible MIR
/// research", ISMIR; schema 0.3.
struct JAMSText: Encodable {
  struct Observation: Encodable {
    /// In s.
    let time, duration: Double
    let value: String
    /// The largest probability in that part.
    let confidence: Double
  }

  struct Metadata: Encodable {
    let data_source = "program"
    let annotation_tools = "scant \(Build.version)"
  }

  struct Annotation: Encodable {
    let namespace = "tag_open"
    let annotation_metadata = Metadata()
    let time = 0.0
    let duration: Double
    let data: [Observation]
  }

  struct FileMetadata: Encodable {
    let title: String
    let duration: Double
    let jams_version = "0.3.4"
  }

  let file_metadata: FileMetadata
  let annotations: [Annotation]

  init(_ prediction: SoundPrediction, _ decision: Decision) {
    let regions = FoundRegion.all(in: prediction, decision)
    let data = regions.map { region in
      let inside = prediction.windows.filter {
        $0.start >= region.start - 1e-6 && $0.end <= region.end + 1e-6
      }
      let place = decision.classes.firstIndex(of: region.name) ?? 0
      let most = inside.map { decision.probabilities($0.student, $0.teacher)[place] }.max() ?? 0
      // Of a float's digits the first six mean something.
      let confidence = (Double(most) * 1e6).rounded() / 1e6
      return Observation(
        time: region.start, duration: region.end - region.start, value: region.name,
        confidence: confidence)
    }
    file_metadata = FileMetadata(title: prediction.file, duration: prediction.seconds)
    annotations = [Annotation(duration: prediction.seconds, data: data)]
  }

  /// Sorted keys, indented.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}
