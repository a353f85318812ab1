import { createHash, randomBytes } from 'node:crypto';
import type { JsonValue } from '../model/canonicalJson.ts';
import type { KubernetesObject } from './requests.ts';

/** Hides the values of a Secret; other objects stay as they are. */
export type SecretMask = (object: KubernetesObject) => KubernetesObject;

/**
 * Builds a mask that shows each value of a Secret as dots and eight digits of its hash, so that a change is seen
 * without the value. The hash is salted anew for each mask, since a short value could be guessed from a plain one.
 */
export function buildSecretMask(salt: Uint8Array = randomBytes(16)): SecretMask {
  const hide = (value: Uint8Array): string =>
    `•••• (${createHash('sha256').update(salt).update(value).digest('hex').slice(0, 8)})`;
  return object => {
    if (object['kind'] !== 'Secret' || object['apiVersion'] !== 'v1') {
      return object;
    }
    const data = hideValues(object['data'], value => hide(Buffer.from(value, 'base64')));
    const stringData = hideValues(object['stringData'], value => hide(Buffer.from(value, 'utf8')));
    return { ...object, ...(data ? { data } : {}), ...(stringData ? { stringData } : {}) };
  };
}

function hideValues(
  values: JsonValue | undefined,
  hide: (value: string) => string,
): KubernetesObject | undefined {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      hide(typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  );
}
