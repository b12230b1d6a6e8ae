// The methods of a recipe.
extension ExperimentRecipe {
  /// The arms, in the order of the recipe: one for every ratio of a method.
  static func arms(
    _ recipe: RecipeObject, chunkTokens: Int
  ) throws(ExperimentError) -> [ExperimentArm] {
    let lists = try recipe.list("methods", of: "methods") {
      (value, place) throws(ExperimentError) -> [ExperimentArm] in
      let (method, teaching) = try names(
        try RecipeObject(value, path: recipe.path, place: place, keys: keys))
      let object = try RecipeObject(
        value, path: recipe.path, place: place,
        keys: ["method", "ratios"] + (teaching?.keys ?? []))
      let taught = try teaching.map { (name) throws(ExperimentError) in
        try ArmTeaching(name, object, chunkTokens: chunkTokens)
      }
      guard method.hasRatio else {
        if object.has("ratios") {
          throw object.fault(
            "ratios", found: "ratios",
            expected:
              "none: \(try object.text("method")) takes the whole corpus (uniform takes a share)")
        }
        return [ExperimentArm(method, teaching: taught)]
      }
      return try object.numbers("ratios", "above 0, up to 1") { $0 > 0 && $0 <= 1 }
        .map { ExperimentArm(method, ratio: $0, teaching: taught) }
    }
    return lists.flatMap { $0 }
  }

  /// Every key that a method may have; which of them it may is known by its name.
  private static var keys: [String] {
    ArmTeaching.Name.allCases.reduce(into: ["method", "ratios"]) { keys, name in
      keys += name.keys.filter { !keys.contains($0) }
    }
  }

  /// How the text is chosen and what the teacher does, of "miniplm", "vanilla-kd" or
  /// "miniplm+vanilla-kd".
  private static func names(
    _ object: RecipeObject
  ) throws(ExperimentError) -> (ExperimentMethod, ArmTeaching.Name?) {
    let name = try object.text("method")
    let parts = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let teaching = ArmTeaching.Name(rawValue: parts.last ?? "")
    let chosen = teaching == nil ? parts : Array(parts.dropLast())
    if chosen.isEmpty { return (.conventional, teaching) }
    if chosen.count == 1, let method = ExperimentMethod(rawValue: chosen[0]) {
      return (method, teaching)
    }
    throw object.fault(
      "method", found: "\"\(name)\"", expected: "one of \(ExperimentMethod.list)")
  }
}
