import type { ErrorObject } from 'ajv';
import { describeUnknownKey } from './describe-unknown-key.ts';
import type { DocumentType } from './document-type.ts';
import { nearest } from './nearest.ts';
import { isMap, isObject, type Schema } from './schema.ts';
import { shown, shownKey } from './shown.ts';

type Described = {
  readonly rule: string;
  /** The key below the error's own path that is at fault. */
  readonly key?: string;
  readonly atKey: boolean;
  readonly message: string;
};

/** Our words for an error of ajv; undefined for one that another error says better. Shows no value that may be a secret. */
export function describeShapeError(error: ErrorObject, type: DocumentType): Described | undefined {
  const { params, data } = error;
  const schema = error.parentSchema as Schema & Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return {
        rule: 'unknown-key',
        key: params.additionalProperty,
        atKey: true,
        message: describeUnknownKey(type, schema, params.additionalProperty),
      };
    case 'required':
      return missing(schema, params.missingProperty);
    case 'propertyNames':
      return {
        rule: 'invalid-name',
        key: params.propertyName,
        atKey: true,
        message: nameProblem(type, schema, params.propertyName),
      };
    case 'type':
      return atValue('wrong-type', wrongType(type, schema, data));
    case 'enum':
      return atValue('not-allowed', notAllowed(data, params.allowedValues));
    case 'const':
      return atValue('not-allowed', `must be ${params.allowedValue}`);
    case 'format':
      return error.propertyName === undefined
        ? atValue(`invalid-${params.format}`, formatProblem(type, params.format, data))
        : undefined;
    case 'minimum':
    case 'maximum':
      return atValue('out-of-range', `${data} is not a whole number from ${schema.minimum} to ${schema.maximum}`);
    case 'minItems':
      return atValue('empty-list', 'must have at least one entry');
    default:
      return atValue('invalid', `is not as the schema asks: ${error.keyword}`);
  }
}

function atValue(rule: string, message: string): Described {
  return { rule, atKey: false, message };
}

function missing(schema: Schema, key: string): Described {
  const field = isObject(schema) ? schema.properties[key] : undefined;
  if (field && isObject(field)) {
    const message = `is required: a mapping with ${(field.required ?? []).join(', ')}`;
    return { rule: 'missing', key, atKey: true, message };
  }
  const value = field && exampleOf(field);
  return {
    rule: 'missing',
    key,
    atKey: true,
    message: value === undefined ? 'is required' : `is required, for example: ${value}`,
  };
}

function exampleOf(schema: Schema): string | undefined {
  if ('const' in schema) return schema.const;
  const [example] = ('examples' in schema ? schema.examples : undefined) ?? [];
  return example === undefined ? undefined : JSON.stringify(example).replaceAll('"', '');
}

function nameProblem({ formats }: DocumentType, schema: Schema, name: string): string {
  const format = isMap(schema) ? formats[schema.propertyNames.format] : undefined;
  return format?.check(name) ?? `${shownKey(name)} is not a name`;
}

function wrongType(type: DocumentType, schema: Schema, data: unknown): string {
  const types: readonly string[] = typeof schema.type === 'string' ? [schema.type] : schema.type;
  const wanted = types.map((type) => kindNames[type]).join(' or ');
  return `must be ${wanted}, is ${kindOf(data)}${type.explainType?.(schema, data) ?? wayOut(schema, types, data)}`;
}

function wayOut(schema: Schema, types: readonly string[], data: unknown): string {
  if (types.includes('string') && ['number', 'boolean'].includes(typeof data)) return ': put quotes around it';
  if (types[0] === 'boolean' && typeof data === 'string') return ': write true or false, without quotes';
  if (types[0] === 'integer' && typeof data === 'string') return ': write digits alone, without quotes';
  if (types[0] === 'array' && typeof data === 'string') return ': start the entry on its own line with "- "';
  return isObject(schema) && typeof data === 'string' ? ': is the space after a ":" missing?' : '';
}

const kindNames: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
};

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a mapping';
  if (typeof data === 'number' && !Number.isFinite(data)) return 'no number that fits';
  if (typeof data === 'number') return Number.isInteger(data) ? 'a number' : 'a number with a fraction';
  return typeof data === 'boolean' ? 'true or false' : 'text';
}

function notAllowed(data: unknown, allowed: readonly string[]): string {
  if (typeof data !== 'string') return `must be one of ${allowed.join(', ')}`;
  const near = nearest(data, allowed);
  const question = near === undefined ? '' : `, did you mean "${near}"?`;
  return `${shown(data)} is not one of ${allowed.join(', ')}${question}`;
}

function formatProblem({ formats }: DocumentType, name: string, data: unknown): string {
  return formats[name]?.check(String(data)) ?? `is not ${formats[name]?.title ?? name}`;
}
