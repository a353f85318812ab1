/**
 * A number of 53 bits for the bytes of a line, so that two different lines among the hundred thousands of two seconds
 * have the same one as good as never. Of a line over 8 KiB its beginning, its end and its length count.
 */
export function hashLine(bytes: Uint8Array, start: number, end: number): number {
  let high = 0x811c9dc5 ^ (end - start);
  let low = 0x9747b28c;
  const split = end - start > longestWhole ? start + longestWhole / 2 : end;
  for (let at = start; at < split; at += 1) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low + byte, 0x5bd1e995);
    low ^= low >>> 15;
  }
  for (let at = split === end ? end : end - longestWhole / 2; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low + byte, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return (high >>> 0) * 0x200000 + (low & 0x1fffff);
}

const longestWhole = 8_192;
