// How much was done within each limit: a bar with the target on it, the share, and what it is out of.

import type { Spread } from '../../../model/figures.ts'
import { lengthOf, percent, standing } from '../reading.ts'
import { useFigureWords } from '../words.ts'

type Props = { spread: Spread; targets: Readonly<Record<number, number>> }

export function Limits({ spread, targets }: Props) {
  const words = useFigureWords()
  return (
    <ul className="figure-limits">
      {spread.within.map(({ limitMs, share, count, of }) => {
        const target = targets[limitMs]
        const stands = target === undefined ? 'unmeasured' : standing(share, target)
        return (
          <li key={limitMs} className={`is-${stands}`}>
            <span className="figure-limit">{words.within(words.length(lengthOf(limitMs)))}</span>
            <span className="figure-bar" aria-hidden="true">
              <i style={{ width: `${(share ?? 0) * 100}%` }} />
              {target !== undefined && <b style={{ left: `${target * 100}%` }} />}
            </span>
            <strong>{percent(share) ?? '—'}</strong>
            <small>
              {share === null ? words.unmeasured : words.outOf(count, of)}
              {target !== undefined && share !== null && (
                <em>
                  {words.target(percent(target) ?? '')} {stands === 'met' ? words.met : words.missed}
                </em>
              )}
            </small>
          </li>
        )
      })}
    </ul>
  )
}
