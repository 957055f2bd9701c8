// Reads the sources of the project for the architecture test: what each file imports, in whatever way, whether
// it has a default export, and how long it is.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync, Visitor } from 'vite'

export type Source = {
  /** From the root, with slashes. */
  path: string
  /** Imported files of the project, from the root. */
  imports: string[]
  /** Imported packages and node: builtins, as they are written. */
  packages: string[]
  hasDefaultExport: boolean
  lines: number
}

/** Folders of what is installed, built or recorded: by name anywhere, or by their one place. */
const NOT_SOURCES: ReadonlySet<string> = new Set(['node_modules', '.git', 'coverage'])
const NOT_SOURCE_PATHS: ReadonlySet<string> = new Set(['console/dist', 'data'])

/** Every .ts, .tsx and .mjs file below `root`. */
export function readSources(root: string): Source[] {
  return filesBelow(root, '')
    .filter(path => /\.(ts|tsx|mjs)$/.test(path))
    .map(path => readSource(path, readFileSync(join(root, path), 'utf8')))
}

/** Reads one file. @throws Error when it does not parse. */
export function readSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const specifiers = new Set<string>()
  const note = (node: { source: unknown } | null) => {
    const specifier = literal(node?.source)
    if (specifier !== undefined) specifiers.add(specifier)
  }
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression: note,
    TSImportType: note,
    NewExpression(node) {
      // new URL('./thread.ts', import.meta.url): how a worker's file is named
      const file = literal(node.arguments[0])
      if (isNamed(node.callee, 'URL') && file && /\.(ts|tsx|mjs)$/.test(file)) specifiers.add(file)
    },
  }).visit(program)
  return {
    path,
    imports: [...specifiers].filter(isRelative).map(specifier => posix.join(dirname(path), specifier)),
    packages: [...specifiers].filter(specifier => !isRelative(specifier)),
    hasDefaultExport: module.staticExports.some(({ entries }) =>
      entries.some(({ exportName }) => exportName.kind === 'Default' || exportName.name === 'default'),
    ),
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
  }
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}

function literal(node: unknown): string | undefined {
  const isLiteral =
    typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string'
  return isLiteral ? String(node.value) : undefined
}

function isNamed(node: unknown, name: string): boolean {
  return typeof node === 'object' && node !== null && 'name' in node && node.name === name
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name)
    if (NOT_SOURCES.has(entry.name) || NOT_SOURCE_PATHS.has(path)) return []
    return entry.isDirectory() ? filesBelow(root, path) : [path]
  })
}
