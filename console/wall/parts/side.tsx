// How the day goes, whether alarms come too fast, and who is there.

import type { Presence, PresenceState } from '../../../model/presence.ts'
import { Loading } from '../../shell/loading.tsx'
import { floodOf } from '../today.ts'
import type { Fresh, Today } from '../use-wall.ts'
import { useWallWords } from '../words.ts'
import { Age } from './age.tsx'

/** What centres publish (docs/figures.md). */
const TARGETS: Readonly<Record<number, number>> = { 15000: 0.9, 20000: 0.95, 60000: 0.975, 180000: 0.99 }
const FLOOD_ABOVE = 10

const percent = (share: number): string => `${(Math.floor(share * 1_000) / 10).toFixed(share === 1 ? 0 : 1)}%`

export function TodayPanel({ today }: { today: Fresh<Today> }) {
  const words = useWallWords()
  if (!today)
    return (
      <section className="wall-panel" aria-label={words.answers}>
        <h2>{words.answers}</h2>
        <Loading text={words.connecting} />
      </section>
    )
  const { answers, alarms, calls, devices } = today.value
  const limit = (ms: number) => (ms < 120_000 ? words.limit.s(ms / 1_000) : words.limit.min(ms / 60_000))
  return (
    <>
      <section className="wall-panel" aria-label={words.answers}>
        <h2>{words.answers}</h2>
        {answers.total.count === 0 ? (
          <p className="wall-nothing">{words.answersNone}</p>
        ) : (
          <ul className="wall-limits">
            {answers.total.within.map(({ limitMs, share, count, of }) => {
              const target = TARGETS[limitMs] ?? 0
              return (
                <li key={limitMs} className={share !== null && share < target ? 'is-missed' : undefined}>
                  <span>{words.within(limit(limitMs))}</span>
                  <strong>{share === null ? words.unmeasured : percent(share)}</strong>
                  <small>
                    {count}/{of} · {words.target(percent(target))}
                  </small>
                </li>
              )
            })}
          </ul>
        )}
        {answers.total.medianMs !== null && (
          <p className="wall-note">
            {words.median} {words.seconds((answers.total.medianMs / 1_000).toFixed(1))}
          </p>
        )}
        <Age at={today.at} />
      </section>
      <section className="wall-panel" aria-label={words.today}>
        <h2>{words.today}</h2>
        <dl className="wall-facts">
          <dt>{words.emergencies}</dt>
          <dd>{alarms.total.emergencies}</dd>
          <dt>{words.services}</dt>
          <dd>{alarms.total.services}</dd>
          <dt>{words.broughtHome}</dt>
          <dd>{alarms.total.broughtHome}</dd>
          <dt>{words.connectRate}</dt>
          <dd>{calls.total.connectRate === null ? words.noCalls : percent(calls.total.connectRate)}</dd>
          <dt>{words.online}</dt>
          <dd>
            {devices.total.devices === 0
              ? words.noDevices
              : `${devices.total.online}/${devices.total.devices}`}
          </dd>
        </dl>
      </section>
    </>
  )
}

/** Ten marks that fill up; beyond them it is a flood. */
export function Flood({ today }: { today: Fresh<Today> }) {
  const words = useWallWords()
  const flood = floodOf(today?.value)
  const filled = flood.is === 'unknown' ? 0 : flood.lately
  return (
    <section
      className={flood.is === 'on' ? 'wall-flood is-on' : 'wall-flood'}
      aria-label={words.flood}
      title={words.floodWhat}
    >
      <span role="status">
        {flood.is === 'unknown'
          ? words.floodUnknown
          : flood.is === 'on'
            ? words.floodOn(flood.alarms)
            : words.floodLately(flood.lately)}
      </span>
      <span className="wall-flood-bar" aria-hidden="true">
        {Array.from({ length: FLOOD_ABOVE }, (_, i) => (
          <i key={`mark-${String(i)}`} className={i < filled ? 'is-filled' : undefined} />
        ))}
      </span>
      {today && <Age at={today.at} />}
    </section>
  )
}

const ORDER: Record<PresenceState, number> = { busy: 0, ready: 1, pause: 2, away: 3 }

type PeopleProps = { people: ReadonlyMap<string, Presence>; isGreeted: boolean }

/** Who is there is told after the greeting; before it, nobody knows. */
export function People({ people, isGreeted }: PeopleProps) {
  const words = useWallWords()
  const all = [...people.values()].sort(
    (a, b) => ORDER[a.state] - ORDER[b.state] || a.user.name.localeCompare(b.user.name, 'zh-CN'),
  )
  const there = all.filter(({ state }) => state !== 'away')
  const away = all.length - there.length
  return (
    <section className="wall-panel wall-people" aria-label={words.people}>
      <h2>{words.people}</h2>
      {there.length === 0 && <p className="wall-nothing">{isGreeted ? words.peopleNone : words.notKnown}</p>}
      <ul>
        {there.map(({ user, state, reason, alarms }) => (
          <li key={user.id} className={`is-${state}`}>
            <i aria-hidden="true" />
            <span className="wall-name">{user.name}</span>
            <span>
              {words.presence[state]}
              {reason !== null && `：${reason}`}
            </span>
            <b>{alarms > 0 && words.alarmsOf(alarms)}</b>
          </li>
        ))}
      </ul>
      {away > 0 && <p className="wall-note">{words.awayCount(away)}</p>}
    </section>
  )
}
