// The Dockerfile as a builder reads it: stages, what is copied from where, and what .dockerignore lets in.

import { cpSync, globSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, matchesGlob } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Copy, DockerfileParser, type From, type Instruction } from 'dockerfile-ast'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

export type Stage = { name: string | null; image: string; instructions: Instruction[] }
export type CopyStep = { from: string | null; sources: string[]; target: string }

/** The stages in their order, with arguments before the first one put in. */
export function readStages(): Stage[] {
  const dockerfile = DockerfileParser.parse(read('Dockerfile'))
  const stages: Stage[] = []
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push(stageOf(instruction as From))
    else stages.at(-1)?.instructions.push(instruction)
  }
  return stages

  function stageOf(from: From): Stage {
    const [image] = from.getExpandedArguments().map(argument => argument.getValue())
    return { name: from.getBuildStage(), image: image ?? '', instructions: [] }
  }
}

/** What stands behind a keyword in a stage, one text for each time it is used. */
export const argumentsOf = ({ instructions }: Stage, keyword: string): string[] =>
  instructions.filter(one => one.getKeyword() === keyword).map(one => one.getArgumentsContent() ?? '')

export function copiesOf({ instructions }: Stage): CopyStep[] {
  return instructions
    .filter((one): one is Copy => one.getKeyword() === 'COPY')
    .map(copy => {
      const paths = copy.getArguments().map(argument => argument.getValue())
      return {
        from: copy.getFromFlag()?.getValue() ?? null,
        sources: paths.slice(0, -1),
        target: paths.at(-1) ?? '',
      }
    })
}

/** Whether .dockerignore keeps a path of the project outside: the last pattern that fits it or a folder above decides. */
export function isIgnored(path: string): boolean {
  const parts = plain(path).split('/')
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'))
  let ignored = false
  for (const line of read('.dockerignore').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const pattern = plain(line.replace(/^!/, ''))
    if (paths.some(one => matchesGlob(one, pattern))) ignored = !line.startsWith('!')
  }
  return ignored
}

/** For a builder `*` fits names that begin with a dot too; for Node it does not. */
const plain = (path: string): string => path.replaceAll(/(^|\/)\./g, '$1·')

/** Files and folders of the project that a source names, as the builder gets them. */
export function filesOf(source: string): string[] {
  return globSync(source, { cwd: ROOT }).filter(path => !isIgnored(path))
}

/** Does to `folder` what a COPY from the project does. */
export function copyInto(folder: string, { sources, target }: CopyStep): void {
  for (const source of sources.flatMap(filesOf)) {
    const isFolder = statSync(join(ROOT, source)).isDirectory()
    const to =
      isFolder || !target.endsWith('/') ? join(folder, target) : join(folder, target, basename(source))
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(ROOT, source), to, {
      recursive: true,
      filter: path => path === join(ROOT, source) || !isIgnored(path.slice(ROOT.length)),
    })
  }
}

/** Puts into `folder` what `npm ci --omit=dev` installs, by the lock file, as links: run node with `--preserve-symlinks`. */
export function linkProductionModules(folder: string): void {
  for (const path of productionModules()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(ROOT, path), join(folder, path))
  }
}

/** What is inside of another module comes with it; what is for other platforms is not there. */
function productionModules(): string[] {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: true }> }
  const wanted = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
  const outer = wanted.map(([path]) => path).filter(path => path.lastIndexOf('node_modules/') === 0)
  return outer.filter(path => statSync(join(ROOT, path), { throwIfNoEntry: false }))
}
