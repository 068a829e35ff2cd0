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
  private let features: (Waveform) throws -> Spectrogram
  /// What is joined to them, where anything is.
  private let companion: ((Waveform) throws -> Spectrogram)?

  /// From the run's best checkpoint. Throws one line where there is none or it does not fit.
  public init(_ folder: RunFolder) throws {
    model = try TrainedModel(folder)
    features = try model.input.maker(seconds: model.seconds).makeWorker()
    companion = try model.input.companionMaker(seconds: model.seconds)?.makeWorker()
  }

  public var classes: [String] { model.classes }
  public var hasTeacher: Bool { model.teacher != nil }
  public var recipe: Recipe { model.recipe }

  /// Probabilities of one sound file, cut or padded to the length the run was trained on.
  public func predict(_ file: URL) throws -> Prediction {
    let sound = try AudioFile.read(file)
    guard let clip = model.sound(try features(sound), try companion?(sound)) else {
      throw LabError("\(file.path): no sound to score; expected at least one frame")
    }
    func probabilities(_ classifier: any Classifier) -> [Float] {
      clip.probabilities(of: classifier, at: [0])
    }
    return Prediction(
      file: file.relativePath, student: probabilities(model.student),
      teacher: model.teacher.map(probabilities))
  }
}
