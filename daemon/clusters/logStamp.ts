/**
 * Reads the time that the kubelet writes before each line: `2026-11-25T21:24:25.123456789Z TEXT`. One object reads many
 * lines, without making anything: this runs a hundred thousand times a second.
 */
export class LogStamp {
  /** Whole seconds since 1970. */
  seconds = 0;
  /** Microseconds since 1970 with their fraction: to a quarter of a microsecond. */
  microseconds = 0;
  /** Where the text begins. */
  textAt = 0;
  #day = 0;
  #dayStart = 0;

  /** Reads the time of the line in `bytes` from `start` on, which ends before `end`; false where there is none. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 20 || bytes[start + 4] !== dash || bytes[start + 10] !== letterT) {
      return false;
    }
    const day =
      two(bytes, start) * 1_000_000 +
      two(bytes, start + 2) * 10_000 +
      two(bytes, start + 5) * 100 +
      two(bytes, start + 8);
    if (day !== this.#day) {
      this.#dayStart =
        Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) / 1000;
      this.#day = day;
    }
    let at = start + 19;
    let nanoseconds = 0;
    if (bytes[at] === dot) {
      let unit = 1_000_000_000;
      at += 1;
      for (let digit = at < end ? (bytes[at] ?? 0) - zero : -1; digit >= 0 && digit <= 9; ) {
        unit /= 10;
        nanoseconds += digit * unit;
        at += 1;
        digit = at < end ? (bytes[at] ?? 0) - zero : -1;
      }
    }
    const zoneEnd = this.#readZone(bytes, at, end);
    if (zoneEnd === 0 || (zoneEnd < end && bytes[zoneEnd] !== space)) {
      return false;
    }
    const clock =
      two(bytes, start + 11) * 3600 + two(bytes, start + 14) * 60 + two(bytes, start + 17) - this.#offset;
    if (!(clock > -90_000 && clock < 180_000)) {
      return false;
    }
    this.seconds = this.#dayStart + clock;
    this.microseconds = this.seconds * 1_000_000 + nanoseconds / 1000;
    this.textAt = Math.min(zoneEnd + 1, end);
    return true;
  }

  #offset = 0;

  /** Where the zone ends, 0 where there is none; `+02:00` is what some runtimes write. */
  #readZone(bytes: Uint8Array, at: number, end: number): number {
    const sign = bytes[at];
    if (at < end && sign === letterZ) {
      this.#offset = 0;
      return at + 1;
    }
    if (at + 6 > end || (sign !== plus && sign !== dash) || bytes[at + 3] !== colon) {
      return 0;
    }
    const offset = two(bytes, at + 1) * 3600 + two(bytes, at + 4) * 60;
    this.#offset = sign === plus ? offset : -offset;
    return at + 6;
  }
}

/** Writes microseconds since 1970 as the kubelet writes times. */
export function writeStamp(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = String(Math.floor(microseconds - seconds * 1_000_000)).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}000Z`;
}

/** Writes whole seconds as `sinceTime` takes them. */
export function writeSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

const dash = 45;
const dot = 46;
const zero = 48;
const colon = 58;
const plus = 43;
const space = 32;
const letterT = 84;
const letterZ = 90;

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - zero) * 10 + (bytes[at + 1] ?? 0) - zero;
}
