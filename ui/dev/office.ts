/** Answers of the mock server for the office's pages; undefined is "not found". Development only. */
export function officeAnswer(method: string, url: URL, body: Record<string, unknown>): unknown {
  void method
  void url
  void body
  return undefined
}
