import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { describeShapeError } from './describe-shape-error.ts';
import type { DocumentType } from './document-type.ts';
import { type Path, pathKey, valueAt } from './path.ts';
import type { Place } from './place.ts';
import type { Problem } from './problem.ts';

/** The words that YAML 1.1, and with it the original, reads as true and false; YAML 1.2 reads them as text. */
const booleansOfYaml11: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };

const validators = new WeakMap<DocumentType, ValidateFunction>();

/** Compiled when it is first asked for: that takes longer than most files do. */
function validatorOf(type: DocumentType): ValidateFunction {
  const known = validators.get(type);
  if (known !== undefined) return known;
  const validator = compile(type);
  validators.set(type, validator);
  return validator;
}

function compile({ schema, formats }: DocumentType): ValidateFunction {
  return new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    ownProperties: true,
    formats: Object.fromEntries(
      Object.entries(formats).map(([name, { check }]) => [
        name,
        { type: 'string', validate: (text: string) => check(text) === undefined },
      ]),
    ),
  })
    .addVocabulary(['unused', 'defaultFrom'])
    .compile(schema);
}

/**
 * Second pass: do the values have the shape that the schema asks for? Reports every difference. Booleans as YAML 1.1 wrote them (`yes`) are
 * replaced in `value`, with a warning, because existing files have them.
 */
export function checkShape(value: unknown, places: ReadonlyMap<string, Place>, type: DocumentType): Problem[] {
  const validate = validatorOf(type);
  const errors = errorsOf(validate, value);
  const warnings = errors.flatMap((error) => replaceOldBoolean(error, value, places) ?? []);
  return [
    ...warnings,
    ...(warnings.length > 0 ? errorsOf(validate, value) : errors).flatMap((error) => describe(error, value, type)),
  ];
}

function errorsOf(validate: ValidateFunction, value: unknown): ErrorObject[] {
  return validate(value) ? [] : [...(validate.errors ?? [])];
}

function describe(error: ErrorObject, root: unknown, type: DocumentType): Problem[] {
  const described = describeShapeError(error, type);
  if (described === undefined) return [];
  const path = [...pathOf(error.instancePath, root), ...(described.key === undefined ? [] : [described.key])];
  return [{ severity: 'error', rule: described.rule, path, atKey: described.atKey, message: described.message }];
}

function replaceOldBoolean(error: ErrorObject, root: unknown, places: ReadonlyMap<string, Place>): Problem | undefined {
  if (error.keyword !== 'type' || error.params.type !== 'boolean') return undefined;
  const path = pathOf(error.instancePath, root);
  const text = places.get(pathKey(path))?.plain;
  const boolean = booleansOfYaml11[text?.toLowerCase() ?? ''];
  const parent = valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>;
  const last = path.at(-1);
  if (boolean === undefined || last === undefined || parent === undefined) return undefined;
  parent[last] = boolean;
  return {
    severity: 'warning',
    rule: 'yaml-1.1-boolean',
    path,
    message: `"${text}" is text in YAML 1.2; read as ${boolean}, as before: write ${boolean}`,
  };
}

/** Decodes a JSON pointer; segments are indexes where the value is a list. */
function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  for (const escaped of pointer.split('/').slice(1)) {
    const segment = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(root, path)) ? Number(segment) : segment);
  }
  return path;
}
