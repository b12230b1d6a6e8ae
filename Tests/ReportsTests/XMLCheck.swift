import Foundation
import FoundationXML
import Testing

/// What an XML parser finds in a picture.
final class XMLCheck: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var texts: [String] = []
  private var failure: (any Error)?
  private var open = ""

  /// Parses, and records a failure of the test for a document that is none.
  init(_ text: String, _ place: SourceLocation = #_sourceLocation) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    let isWhole = parser.parse()
    #expect(isWhole, "\(String(describing: failure))", sourceLocation: place)
  }

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName qName: String?, attributes attributeDict: [String: String]
  ) {
    elements.append((elementName, attributeDict))
    open = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { open += string }

  func parser(
    _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?,
    qualifiedName qName: String?
  ) {
    if elementName == "text" { texts.append(open) }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
    failure = parseError
  }

  func count(_ name: String) -> Int { elements.count { $0.name == name } }

  /// Every number of every attribute that is a length or a place.
  var coordinates: [Double] {
    elements.flatMap { element in
      ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"].compactMap {
        element.attributes[$0].flatMap(Double.init)
      }
        + (element.attributes["points"] ?? "").split { " ,".contains($0) }.compactMap {
          Double($0)
        }
    }
  }
}
