// The components of the OpenAPI document (pure). The generator writes every schema twice, as it is asked for and as
// it is answered (`AlarmInput`, `Alarm`), needed or not. Here a name stands once, unless the two really differ.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Schemas = Readonly<Record<string, Json>>
export type Described = { paths: Json; schemas: Schemas }

const REF = '#/components/schemas/'
const INPUT = 'Input'

/** The same document with the components that it refers to, and no twin that says what its brother says. */
export function withoutTwins({ paths, schemas }: Described): Described {
  const used = reachable(paths, schemas)
  const differ = differing(schemas, used)
  const nameOf = (name: string): string => {
    const base = baseOf(name, schemas)
    return base === undefined || differ.has(base) ? name : base
  }
  const kept: Record<string, Json> = {}
  for (const name of [...used].sort()) {
    // Of two that are alike the answered one stands: it says that nothing else is in it.
    if (nameOf(name) === name || !used.has(nameOf(name))) kept[nameOf(name)] = renamed(schemas[name], nameOf)
  }
  return { paths: renamed(paths, nameOf), schemas: kept }
}

/** Everything that is referred to, directly or by way of other components. */
function reachable(paths: Json, schemas: Schemas): Set<string> {
  const found = new Set<string>()
  const ahead = [...refsIn(paths)]
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (found.has(name)) continue
    found.add(name)
    ahead.push(...refsIn(schemas[name]))
  }
  return found
}

/** Names that are asked for in another form than they are answered in, by themselves or by what they hold. */
function differing(schemas: Schemas, used: ReadonlySet<string>): Set<string> {
  const twins = [...used].filter(name => used.has(name + INPUT) && baseOf(name + INPUT, schemas) === name)
  const differ = new Set(twins.filter(name => formOf(name, schemas) !== formOf(name + INPUT, schemas)))
  for (let size = -1; size !== differ.size; ) {
    size = differ.size
    for (const name of twins) if (refsIn(schemas[name]).some(ref => differ.has(ref))) differ.add(name)
  }
  return differ
}

/** What a schema says, but for the names of twins; what is answered holds nothing that is not named. */
const formOf = (name: string, schemas: Schemas): string =>
  JSON.stringify(
    renamed(schemas[name], ref => baseOf(ref, schemas) ?? ref),
    (key, value) => (key === 'additionalProperties' && value === false ? undefined : value),
  )

function baseOf(name: string, schemas: Schemas): string | undefined {
  const base = name.endsWith(INPUT) ? name.slice(0, -INPUT.length) : ''
  return base in schemas ? base : undefined
}

function refsIn(json: Json | undefined): string[] {
  if (typeof json !== 'object' || json === null) return []
  if (Array.isArray(json)) return json.flatMap(refsIn)
  return Object.entries(json).flatMap(([key, value]) =>
    key === '$ref' ? [String(value).slice(REF.length)] : refsIn(value),
  )
}

function renamed(json: Json | undefined, nameOf: (name: string) => string): Json {
  if (json === undefined) return null
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(item => renamed(item, nameOf))
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === '$ref' ? REF + nameOf(String(value).slice(REF.length)) : renamed(value, nameOf),
    ]),
  )
}
