// A reporter beside vitest's own, which only counts what was skipped: this one names it.

import type { Reporter, TestModule } from 'vitest/node'

/** Writes one line for every skipped test at the end of a run. */
export function nameSkipped({
  write = (text: string): unknown => process.stdout.write(text),
} = {}): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[]) {
      const lines = modules.flatMap(module =>
        [...module.children.allTests('skipped')].map(
          test => `   ${module.relativeModuleId} > ${test.fullName}\n`,
        ),
      )
      if (lines.length > 0) write(`\n Skipped:\n${lines.join('')}`)
    },
  }
}
