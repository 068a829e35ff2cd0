// What enters a report from outside cannot become markup.
import Report
import Testing

@Suite struct MarkupTests {
  @Test func textAndAttributesAreEscaped() {
    let markup = Markup.tag("p", ["title": "a\"b<c>&"], "<script>x & y</script>")
    #expect(
      markup.html
        == "<p title=\"a&quot;b&lt;c&gt;&amp;\">&lt;script&gt;x &amp; y&lt;/script&gt;</p>")
  }

  @Test func hiddenCharactersAreShown() {
    let text = "a\u{1B}[31mb\u{202E}c\u{0}d\u{2066}e\u{9B}f"
    #expect(
      Markup.text(text).html == "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f")
    #expect(Markup.text("flöte 笛 🎺").html == "flöte 笛 🎺")
  }

  @Test func attributesWithoutValueAreLeftOut() {
    #expect(Markup.leaf("rect", ["x": "1", "class": nil]).html == "<rect x=\"1\"/>")
  }
}
