// One figure in large type, with its target, what it is out of, and how it moved.

import type { ReactNode } from 'react'
import type { Change } from '../reading.ts'
import { percent } from '../reading.ts'
import { useFigureWords } from '../words.ts'
import { Definition } from './definition.tsx'

type Props = {
  title: string
  what: string
  /** Where the CSV is. */
  csv: string
  children: ReactNode
}

export function Card({ title, what, csv, children }: Props) {
  const words = useFigureWords()
  return (
    <section className="figure-card" aria-label={title}>
      <h2>
        {title}
        <Definition of={title}>{what}</Definition>
        <a className="figure-csv" href={csv} download aria-label={words.csvOf(title)}>
          CSV
        </a>
      </h2>
      {children}
    </section>
  )
}

/** `value` undefined: nothing was measured, which is no zero. */
export function Large({ value, note }: { value: string | undefined; note?: string }) {
  const words = useFigureWords()
  return (
    <p className={value === undefined ? 'figure-large is-unmeasured' : 'figure-large'}>
      {value ?? words.unmeasured}
      <small>{value === undefined ? words.unmeasuredWhy : note}</small>
    </p>
  )
}

/** More is better (`up`), worse (`down`), or neither. */
type Wanted = 'up' | 'down' | 'neither'

/** How it moved against the time before; a share in points, a count as it is. */
export function Moved({
  change,
  wanted,
  text,
  isTime = false,
}: {
  change: Change | undefined
  wanted: Wanted
  text: (by: number) => string
  isTime?: boolean
}) {
  const words = useFigureWords()
  if (!change) return <p className="figure-moved">{words.notCompared}</p>
  const isGood = change.way === wanted
  const tone = change.way === 'same' || wanted === 'neither' ? '' : isGood ? ' is-good' : ' is-bad'
  const way = isTime ? TIME_WAY[change.way] : undefined
  const said = way ? words[way] : words.change[change.way]
  return (
    <p className={`figure-moved${tone}`}>
      <span aria-hidden="true">{ARROW[change.way]}</span> {said}
      {change.way !== 'same' && ` ${text(change.by)}`}
    </p>
  )
}

const ARROW = { up: '▲', down: '▼', same: '＝' } as const
const TIME_WAY = { up: 'slower', down: 'sooner', same: undefined } as const

/** `3.2 percentage points`, of a difference of shares. */
export const pointsOf = (by: number): string => (percent(by) ?? '').replace('%', '')
