import Evaluation
import Testing

@Suite struct ZeroShotTaskTests {
  @Test func namesOfTheHarnessAndShortOnes() {
    for task in ZeroShotTask.allCases { #expect(ZeroShotTask(name: task.rawValue) == task) }
    #expect(ZeroShotTask(name: "LAMBADA") == .lambadaOpenAI)
    #expect(ZeroShotTask(name: "siqa") == .socialIQA)
    #expect(ZeroShotTask(name: "ARC-e") == .arcEasy)
    #expect(ZeroShotTask(name: "StoryCloze") == .storyCloze)
    #expect(ZeroShotTask(name: "mmlu") == nil)
  }

  @Test func minipLMReadsAccNormWhereItIs() {
    let normed = ZeroShotTask.allCases.filter { $0.minipLMMetric == .accNorm }
    #expect(normed == [.hellaswag, .openbookqa, .arcEasy, .arcChallenge, .piqa])
  }
}
