import Store

/// Refuses the text of an option that came in another encoding than UTF-8: its bytes were replaced.
func requireUTF8(_ text: String, option: String) throws(ExitStatus) {
  guard ArgumentBytes.wasRepaired(text) else { return }
  throw ExitStatus(
    code: 2,
    text: "\(option): found bytes that are not UTF-8, expected text in UTF-8. Set the terminal to "
      + "UTF-8, or convert the text with iconv.")
}
