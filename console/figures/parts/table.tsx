// A plain table of figures: names of columns, rows, and what is empty because it was not measured. It scrolls by itself.

import type { ReactNode } from 'react'
import { useFigureWords } from '../words.ts'

export type Column<R> = {
  title: string
  /** undefined or null: not measured. */
  of: (row: R) => ReactNode
  /** Numbers stand on the right. */
  isNumber?: boolean
}

type Props<R> = {
  label: string
  columns: readonly Column<R>[]
  rows: readonly R[]
  keyOf: (row: R) => string
}

export function Table<R>({ label, columns, rows, keyOf }: Props<R>) {
  const words = useFigureWords()
  if (rows.length === 0) return <p className="figure-nothing">{words.none}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="figure-scroll" tabIndex={0} aria-label={words.tableOf(label)}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" className={isNumber ? 'is-number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, of, isNumber }) => (
                <td key={title} className={isNumber ? 'is-number' : undefined}>
                  {of(row) ?? (
                    <span className="figure-unmeasured" title={words.unmeasured}>
                      —
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
