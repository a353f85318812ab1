/** The longest line that is kept, in bytes: an object of Kubernetes is below 2 MiB. */
const longestLine = 16 * 1024 * 1024;

/**
 * Follows the lines of a byte stream; `onBytes` hears of every chunk before its lines. A last line without its
 * end is left out, since the connection was cut in the middle of it. Throws for a line over 16 MiB.
 */
export async function* followLines(
  stream: AsyncIterable<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<string, void, undefined> {
  let rest: Uint8Array[] = [];
  let restSize = 0;
  for await (const chunk of stream) {
    onBytes();
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const part = chunk.subarray(start, end);
      const line = rest.length === 0 ? part : Buffer.concat([...rest, part]);
      rest = [];
      restSize = 0;
      start = end + 1;
      if (line.length > 0) {
        yield Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
      }
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
      restSize += chunk.length - start;
      if (restSize > longestLine) {
        throw new Error(`a line of the answer is longer than ${longestLine} bytes`);
      }
    }
  }
}
