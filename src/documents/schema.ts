/**
 * The part of JSON Schema (draft 07) that documents are described with. Everything that reads the schema (checking, defaults,
 * types, reference, the published file) knows this union and nothing else. Three keywords are ours:
 * `unused`: the field is accepted because existing files have it, has no effect, and this is why;
 * `defaultFrom`: left out, the value is that of another field, given by its dotted path;
 * `format`: one of the formats of the type of document.
 */
export type Schema =
  | ObjectSchema
  | MapSchema
  | ListSchema
  | TextSchema
  | OneOrMoreSchema
  | IntegerSchema
  | BooleanSchema;

type Common = {
  readonly title: string;
  readonly description: string;
  readonly unused?: string;
};

export type ObjectSchema = Common & {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
};

/** A mapping whose keys are the user's. */
export type MapSchema = Common & {
  readonly type: 'object';
  readonly additionalProperties: BooleanSchema;
  readonly propertyNames: { readonly format: string };
  readonly default: Readonly<Record<string, boolean>>;
  readonly examples: readonly Readonly<Record<string, boolean>>[];
};

type ListSchema = Common & {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: 1;
  readonly default?: readonly unknown[];
  readonly examples?: readonly (readonly unknown[])[];
};

type TextSchema = Common & {
  readonly type: 'string';
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly default?: string;
  readonly examples?: readonly string[];
};

/** One text or a list of texts; a list in the effective configuration. */
export type OneOrMoreSchema = Common & {
  readonly type: readonly ['string', 'array'];
  readonly format: string;
  readonly items: { readonly type: 'string'; readonly format: string };
  readonly minItems: 1;
  readonly default?: readonly string[];
  readonly defaultFrom?: string;
  readonly examples?: readonly (string | readonly string[])[];
};

type IntegerSchema = Common & {
  readonly type: 'integer';
  readonly minimum: number;
  readonly maximum: number;
  readonly default?: number;
  readonly examples?: readonly number[];
};

type BooleanSchema = Common & {
  readonly type: 'boolean';
  readonly default?: boolean;
};

export function isObject(schema: Schema): schema is ObjectSchema {
  return schema.type === 'object' && 'properties' in schema;
}

export function isMap(schema: Schema): schema is MapSchema {
  return schema.type === 'object' && !('properties' in schema);
}

export function isOneOrMore(schema: Schema): schema is OneOrMoreSchema {
  return Array.isArray(schema.type);
}

/** The default that a field has of itself; undefined when it has none or takes it from another field. */
export function ownDefault(schema: Schema): unknown {
  return 'default' in schema ? schema.default : undefined;
}

/** Whether any part of metalk8s reads the field, or one below it. */
export function isUsed(schema: Schema): boolean {
  if (schema.unused !== undefined) return false;
  return !isObject(schema) || Object.values(schema.properties).some(isUsed);
}

/** Whether defaults alone cannot fill the section: it has a required field without one. Left out, such a section stays out. */
export function needsMore(schema: ObjectSchema): boolean {
  return (schema.required ?? []).some(
    (name) => schema.properties[name] && ownDefault(schema.properties[name]) === undefined,
  );
}
