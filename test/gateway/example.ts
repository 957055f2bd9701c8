// An example of what a schema lets through, made from the document that the hub serves: so a route that is added
// tomorrow is asked properly, too. Only what is required is given.

export type Json = { [key: string]: unknown }

/** Texts of a certain form, by the form. A new form needs a line here. */
const FORMS: readonly (readonly [form: RegExp, example: string])[] = [
  [/\[A-Za-z0-9_-\]\{1,64\}/, 'example'],
  [/\[A-Za-z0-9\._-\]\{1,64\}/, 'example.name'],
  [/\[\\x21-\\x7e\]/, 'example-1'],
  [/\[01\].*:.*\[0-5\]/, '08:00'],
]

export type Given = {
  components: Readonly<Record<string, Json>>
  /** What fields of these names hold, wherever they stand. */
  fields: Readonly<Record<string, unknown>>
}

/** @throws Error for a form that has no example. */
export function exampleOf(schema: Json, given: Given, name = ''): unknown {
  if (name in given.fields) return given.fields[name]
  if (typeof schema.$ref === 'string') return exampleOf(referred(schema.$ref, given), given, name)
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  const choice = choices?.find(one => one.type !== 'null')
  if (choice) return exampleOf(choice, given, name)
  if (Array.isArray(schema.allOf)) return allOf(schema.allOf as Json[], given)
  return ofType(schema, given, name)
}

function ofType(schema: Json, given: Given, name: string): unknown {
  switch (schema.type) {
    case 'object':
      return objectOf(schema, given)
    case 'array':
      return (
        (schema.prefixItems as Json[] | undefined)?.map(item => exampleOf(item, given)) ??
        itemsOf(schema, given)
      )
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'string':
      return textOf(schema, name)
    default:
      return {}
  }
}

function objectOf(schema: Json, given: Given): Json {
  const required = new Set((schema.required ?? []) as string[])
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  return Object.fromEntries(
    properties
      .filter(([key]) => required.has(key))
      .map(([key, inner]) => [key, exampleOf(inner, given, key)]),
  )
}

const itemsOf = (schema: Json, given: Given): unknown[] =>
  Array.from({ length: Number(schema.minItems ?? 0) }, () => exampleOf(schema.items as Json, given))

const allOf = (parts: readonly Json[], given: Given): unknown =>
  Object.assign({}, ...parts.map(part => exampleOf(part, given)))

function textOf({ pattern, format, minLength }: Json, name: string): string {
  if (typeof pattern === 'string') {
    const form = FORMS.find(([known]) => known.test(pattern))
    if (!form)
      throw new Error(`${name} has the form ${pattern}: give an example of it in test/gateway/example.ts`)
    return form[1]
  }
  if (format === 'uri') return 'https://example.com/'
  return 'x'.repeat(Math.max(1, Number(minLength ?? 1)))
}

/** What a reference of the document leads to. */
export function referred($ref: string, { components }: Pick<Given, 'components'>): Json {
  const found = components[$ref.split('/').at(-1) ?? '']
  if (!found) throw new Error(`${$ref} leads nowhere`)
  return found
}

/** The fields of a body, whichever of its forms they are in. */
export function fieldsOf(schema: Json, given: Pick<Given, 'components'>): string[] {
  if (typeof schema.$ref === 'string') return fieldsOf(referred(schema.$ref, given), given)
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].flatMap(some => (some ?? []) as Json[])
  return [...Object.keys((schema.properties ?? {}) as Json), ...parts.flatMap(part => fieldsOf(part, given))]
}
