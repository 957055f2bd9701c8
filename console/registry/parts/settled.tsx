// What stands in the place of something that is being read, could not be, or is not there.

import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../../shell/language.tsx'
import { Loading } from '../../shell/loading.tsx'
import { refusal } from '../../shell/refusals.ts'
import type { Reading } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

/** Shows what was read; a problem is told above what was read before, with a way to try again. */
export function Settled<T>({ of, children }: { of: Reading<T>; children: (value: T) => ReactNode }) {
  const words = useRegistryWords()
  if (of.value === undefined && of.problem === undefined) return <Loading text={words.loading} />
  return (
    <>
      {of.problem && <Failed reading={of} />}
      {of.value !== undefined && children(of.value)}
    </>
  )
}

function Failed<T>({ reading }: { reading: Reading<T> }) {
  const words = useRegistryWords()
  const shared = useWords()
  const { problem } = reading
  if (problem === undefined) return null
  const text = problem.code === 'NOT_FOUND' ? words.notThere : refusal(problem, shared)
  return (
    <div className="registry-failed" role="alert">
      <span>
        <strong>{words.readFailed}</strong> {text}
      </span>
      <Button size="small" onClick={() => void reading.reload()}>
        {words.again}
      </Button>
    </div>
  )
}

/** A part of a page, under its own title. */
export function Card({
  title,
  lead,
  extra,
  children,
}: {
  title: string
  lead?: string | undefined
  extra?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="registry-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {extra}
      </header>
      {lead && <p className="registry-lead">{lead}</p>}
      {children}
    </section>
  )
}

export const Empty = ({ text }: { text: string }) => <p className="registry-empty">{text}</p>
