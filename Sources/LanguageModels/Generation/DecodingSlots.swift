/// Places of what a decoding state keeps: per layer and sequence what the family needs to go on, and
/// what is computed once from weights and positions.
struct DecodingSlots {
  let cache: any LayerCache
  let floatCount: Int

  init(_ configuration: ModelConfiguration, sequences: Int, capacity: Int) {
    var plan = BufferPlan()
    cache = configuration.architecture.makeCache(
      sequences: sequences, capacity: capacity, plan: &plan)
    floatCount = plan.floatCount
  }
}
