import Store
import Testing

@Suite struct JSONDifferenceTests {
  struct Made: Encodable {
    struct Settings: Encodable {
      var topP: Double
      var seed: Int?
    }
    var model: String
    var settings: Settings
  }

  @Test func onlyWhatDiffersIsSaid() throws {
    let one = Made(model: String(repeating: "a", count: 64), settings: .init(topP: 0.5, seed: 1))
    var other = one
    other.settings = .init(topP: 0.25, seed: nil)
    #expect(try JSONDifference.words(one, one) == ("", ""))
    #expect(try JSONDifference.words(one, other) == ("seed 1, top-p 0.5", "no seed, top-p 0.25"))
    other.settings = one.settings
    other.model = String(repeating: "b", count: 64)
    #expect(try JSONDifference.words(one, other) == ("model aaaaaaaaaaaa", "model bbbbbbbbbbbb"))
  }
}
