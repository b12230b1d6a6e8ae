import Corpus
import CorpusStudy
import Tokenizers

/// Runs the work of a module that has an error of its own for a stop on request: a verb has one for
/// all of them.
///
/// - Throws: `WorkStopped` where the module was stopped, else what `body` throws.
func stoppable<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch CorpusError.cancelled {
    throw WorkStopped()
  } catch CorpusStudyError.cancelled {
    throw WorkStopped()
  } catch TokenizerError.cancelled {
    throw WorkStopped()
  }
}
