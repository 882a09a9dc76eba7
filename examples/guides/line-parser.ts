/** A parser of your own: gathers bytes, and returns the lines that are complete. */
export function lineParser(): { push(chunk: Uint8Array): string[] } {
  const latin1 = new TextDecoder('latin1'); // keeps no bytes between two chunks, as UTF-8 would have to
  let rest = '';
  return {
    push(chunk) {
      const parts = (rest + latin1.decode(chunk)).split('\r\n');
      rest = parts.pop() ?? '';
      return parts.filter((line) => line !== '');
    },
  };
}
