import { readFileSync } from 'node:fs';

/** Reads a record of a real API server's answer from `records/`. */
export function readRecord<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`records/${name}.json`, import.meta.url), 'utf8')) as T;
}
