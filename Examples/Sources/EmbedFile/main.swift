// Reads a published network and prints one embedding a segment of a sound file:
//   swift run EmbedFile musicnn SOUND.wav [FOLDER-WITH-WEIGHTS]
import Acoustics
import Foundation
import Models

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  let known = ExtractorCatalog.all.map { $0.card.id }.joined(separator: ", ")
  print("usage: EmbedFile EXTRACTOR SOUND [WEIGHTS]; extractors: \(known)")
  exit(64)
}
let weights = arguments.count > 2 ? URL(fileURLWithPath: arguments[2]) : nil
let embed = try ExtractorCatalog.open(arguments[0], root: weights).makeWorker()
let embedding = try embed(AudioFile.read(URL(fileURLWithPath: arguments[1])))
for segment in 0..<embedding.frames {
  print((0..<embedding.bands).map { "\(embedding[$0, segment])" }.joined(separator: " "))
}
