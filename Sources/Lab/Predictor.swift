// Scores sound files with a trained run.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers

public final class Predictor {
  public struct Prediction: Sendable, Equatable {
    public var file: String
    /// One probability a class.
    public var student: [Float]
    public var teacher: [Float]?
  }

  private let model: TrainedModel

  /// From the run's best checkpoint. Throws one line where there is none or it does not fit.
  public init(_ folder: RunFolder) throws { model = try TrainedModel(folder) }

  public var classes: [String] { model.classes }
  public var hasTeacher: Bool { model.teacher != nil }
  public var recipe: Recipe { model.recipe }

  /// Probabilities of one sound file, cut or padded to the length the run was trained on.
  public func predict(_ file: URL) throws -> Prediction {
    let picture = try model.frontEnd(try AudioFile.read(file))
    guard picture.bands == model.standardizer.mean.count, picture.frames > 0 else {
      throw LabError("\(file.path): no sound to score; expected at least one frame")
    }
    let standard = model.standardizer(picture)
    let input = Tensor(standard.values, [1, 1, picture.bands, picture.frames])
    func probabilities(_ classifier: any Classifier) -> [Float] {
      classifier(input, .evaluation()).probabilities.values
    }
    return Prediction(
      file: file.relativePath, student: probabilities(model.student),
      teacher: model.teacher.map(probabilities))
  }
}
