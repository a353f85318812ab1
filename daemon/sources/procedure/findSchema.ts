import * as z from 'zod';
import type { YamlPath } from './yamlPositions.ts';

/** The schema that checks what stands at a path; undefined where a union leaves it open. */
export function findSchema(schema: z.ZodType, path: YamlPath): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const step of path) {
    current = unwrap(findMember(current, step));
  }
  return current;
}

/** The keys that a schema of an object knows. */
export function listKeys(schema: z.ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function findMember(schema: z.ZodType | undefined, step: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    return (schema.shape as Readonly<Record<PropertyKey, z.ZodType>>)[step];
  }
  if (schema instanceof z.ZodRecord) {
    return schema.valueType as z.ZodType;
  }
  if (schema instanceof z.ZodArray) {
    return schema.element as z.ZodType;
  }
  if (schema instanceof z.ZodTuple && typeof step === 'number') {
    return (schema.def.items[step] ?? schema.def.rest ?? undefined) as z.ZodType | undefined;
  }
  // zod reports an option's own issues when only that option fits at all.
  if (schema instanceof z.ZodUnion) {
    const options = (schema.options as readonly z.ZodType[]).map(unwrap);
    return options.map(option => findMember(option, step)).find(member => member !== undefined);
  }
  return undefined;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

/** What stands at a path of a value. */
export function findValue(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      isObject(current) || Array.isArray(current)
        ? (current as Record<PropertyKey, unknown>)[step]
        : undefined,
    value,
  );
}

/** True for an object with keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
