import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildJsonSchema } from '../../../../daemon/sources/procedure/buildJsonSchema.ts';

const file = new URL('../../../../schemas/slipway.schema.json', import.meta.url);

describe('the JSON Schema of slipway.yaml', () => {
  it('L-11e is the one that the schema of the daemon gives', () => {
    assert.equal(
      readFileSync(file, 'utf8'),
      buildJsonSchema(),
      'schemas/slipway.schema.json is out of date: run node daemon/sources/procedure/writeSchema.ts',
    );
  });

  it('L-11e describes every key, so that completion tells what it is for', () => {
    const silent = listProperties(JSON.parse(readFileSync(file, 'utf8')), '').filter(
      property => property.description === undefined,
    );
    assert.deepEqual(
      silent.map(property => property.path),
      [],
    );
  });

  it('L-11e refuses unknown keys everywhere', () => {
    const open = listObjects(JSON.parse(readFileSync(file, 'utf8')), '').filter(
      object => object['properties'] !== undefined && object['additionalProperties'] !== false,
    );
    assert.deepEqual(
      open.map(object => object.path),
      [],
    );
  });
});

type Json = Readonly<Record<string, unknown>>;

function listObjects(value: unknown, path: string): readonly (Json & { readonly path: string })[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own = (value as Json)['type'] === 'object' ? [{ ...(value as Json), path }] : [];
  return [...own, ...Object.entries(value).flatMap(([key, member]) => listObjects(member, `${path}/${key}`))];
}

function listProperties(schema: unknown, path: string) {
  return listObjects(schema, path).flatMap(object =>
    Object.entries((object['properties'] ?? {}) as Readonly<Record<string, Json>>).map(([key, member]) => ({
      path: `${object.path}/${key}`,
      description: member['description'],
    })),
  );
}
