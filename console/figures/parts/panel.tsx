// One section of figures: its name, what it means, where it is to be had as CSV, and what there is to show of it yet.

import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Loading } from '../../shell/loading.tsx'
import type { Loaded } from '../use-figures.ts'
import { useFigureWords } from '../words.ts'
import { Definition } from './definition.tsx'

type Props<T> = {
  title: string
  what: string
  /** Where the CSV is. */
  csv?: string
  told: Loaded<T>
  onAgain(): void
  children: (value: T) => ReactNode
}

export function Panel<T>({ title, what, csv, told, onAgain, children }: Props<T>) {
  const words = useFigureWords()
  return (
    <section className="figure-panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Definition of={title}>{what}</Definition>
        {csv !== undefined && (
          <a className="figure-csv" href={csv} download aria-label={words.csvOf(title)}>
            {words.csv}
          </a>
        )}
      </header>
      <Content told={told} onAgain={onAgain}>
        {children}
      </Content>
    </section>
  )
}

export function Content<T>({ told, onAgain, children }: Pick<Props<T>, 'told' | 'onAgain' | 'children'>) {
  const words = useFigureWords()
  if (told.is === 'loading') return <Loading text={words.loading} />
  if (told.is === 'too_long') return <p className="figure-nothing">{words.tooLong}</p>
  if (told.is === 'failed')
    return (
      <div className="figure-failed" role="alert">
        <p>{words.error[told.problem.code]}</p>
        <Button onClick={onAgain}>{words.again}</Button>
      </div>
    )
  return children(told.value)
}
