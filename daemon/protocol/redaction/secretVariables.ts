/** The values in an environment that must never be shown, for a redactor. */
export function listSecretValues(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value && isSecretName(name) && !isPath(name, value) ? [value] : [],
  );
}

/** True for the name of a variable or a key whose value must never be shown. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name);
}

const secretNames = /PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|ACCESS_KEY$|API_?KEY|PRIVATE_KEY/i;

/** The name of a file with a secret may be shown; a secret in base64 may begin like a path. */
function isPath(name: string, value: string): boolean {
  return value.startsWith('/') && /(?:_FILE|_PATH|_DIR|CREDENTIALS)$/i.test(name);
}
