/** Hand a file that a request brought to the browser, as a download. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has its own hold on the content; a browser may read the address a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
