// The figures that a service promises, at the top of the screen, each beside what it was in the time before.

import { changeOf, lengthOf, percent, withinOf } from '../reading.ts'
import { type Asked, csvPath } from '../requests.ts'
import type { Told } from '../use-figures.ts'
import { useFigureWords } from '../words.ts'
import { Card, Large, Moved, pointsOf } from './card.tsx'
import { Limits } from './limits.tsx'
import { Content } from './panel.tsx'

/** What centres publish (docs/figures.md). */
const ANSWER_TARGETS = { 15000: 0.9, 20000: 0.95, 60000: 0.975, 180000: 0.99 }
const ON_SITE_TARGETS = { [45 * 60_000]: 0.9 }

type Props = { told: Told; asked: Asked; onAgain(): void }

export function Cards(props: Props) {
  return (
    <div className="figure-cards">
      <Answers {...props} />
      <OnSite {...props} />
      <Alarms {...props} />
      <div className="figure-stack">
        <Calls {...props} />
        <Devices {...props} />
      </div>
    </div>
  )
}

function Answers({ told, asked, onAgain }: Props) {
  const words = useFigureWords()
  const before = told.before['answer-times']
  return (
    <Card title={words.answers} what={words.answersWhat} csv={csvPath('answer-times', asked)}>
      <Content told={told['answer-times']} onAgain={onAgain}>
        {({ total }) => (
          <>
            <Large
              value={total.medianMs === null ? undefined : words.length(lengthOf(total.medianMs))}
              note={`${words.median}${total.p90Ms === null ? '' : ` · ${words.p90} ${words.length(lengthOf(total.p90Ms))}`}`}
            />
            <Moved
              change={changeOf(total.medianMs, before.is === 'there' ? before.value.total.medianMs : null)}
              wanted="down"
              isTime
              text={by => words.length(lengthOf(by))}
            />
            <Limits spread={total} targets={ANSWER_TARGETS} />
          </>
        )}
      </Content>
    </Card>
  )
}

function OnSite({ told, asked, onAgain }: Props) {
  const words = useFigureWords()
  const before = told.before['on-site']
  return (
    <Card title={words.onSite} what={words.onSiteWhat} csv={csvPath('on-site', asked)}>
      <Content told={told['on-site']} onAgain={onAgain}>
        {({ fromAlarm, fromDispatch }) => (
          <>
            <Large
              value={
                fromAlarm.total.medianMs === null
                  ? undefined
                  : words.length(lengthOf(fromAlarm.total.medianMs))
              }
              note={`${words.fromAlarm} · ${words.median}`}
            />
            <Moved
              change={changeOf(
                withinOf(fromAlarm.total, 45 * 60_000)?.share,
                before.is === 'there' ? withinOf(before.value.fromAlarm.total, 45 * 60_000)?.share : null,
              )}
              wanted="up"
              text={by => words.points(pointsOf(by))}
            />
            <Limits spread={fromAlarm.total} targets={ON_SITE_TARGETS} />
            <p className="figure-side">
              {words.fromDispatch}
              {'：'}
              {fromDispatch.total.medianMs === null
                ? words.unmeasured
                : words.length(lengthOf(fromDispatch.total.medianMs))}
            </p>
          </>
        )}
      </Content>
    </Card>
  )
}

function Alarms({ told, asked, onAgain }: Props) {
  const words = useFigureWords()
  const before = told.before.alarms
  const earlier = before.is === 'there' ? before.value.total : undefined
  return (
    <Card title={words.alarms} what={words.alarmsWhat} csv={csvPath('alarms', asked)}>
      <Content told={told.alarms} onAgain={onAgain}>
        {({ total }) => (
          <>
            <Large value={String(total.emergencies)} note={words.emergencies} />
            <Moved
              change={changeOf(total.emergencies, earlier?.emergencies)}
              wanted="neither"
              text={by => String(by)}
            />
            <dl className="figure-facts">
              <dt>{words.services}</dt>
              <dd>{total.services}</dd>
              <dt>{words.technical}</dt>
              <dd>{total.technical}</dd>
              <dt>{words.falseShare}</dt>
              <dd>
                {percent(total.falseAlarmShare) ?? words.unmeasured}
                <small>{total.judged > 0 && words.outOf(total.falseAlarms, total.judged)}</small>
              </dd>
              <dt>{words.broughtHome}</dt>
              <dd>{total.broughtHome}</dd>
              <dt>{words.floods}</dt>
              <dd>{told.floods.is === 'there' ? words.floodCount(told.floods.value.items.length) : '…'}</dd>
            </dl>
          </>
        )}
      </Content>
    </Card>
  )
}

function Calls({ told, asked, onAgain }: Props) {
  const words = useFigureWords()
  const before = told.before.calls
  return (
    <Card title={words.calls} what={words.callsWhat} csv={csvPath('calls', asked)}>
      <Content told={told.calls} onAgain={onAgain}>
        {({ total }) =>
          total.calls === 0 ? (
            <p className="figure-nothing">{words.noCalls}</p>
          ) : (
            <>
              <Large
                value={percent(total.connectRate)}
                note={`${words.outOf(total.connected, total.calls)} · ${words.target('95%')}`}
              />
              <Moved
                change={changeOf(
                  total.connectRate,
                  before.is === 'there' ? before.value.total.connectRate : null,
                )}
                wanted="up"
                text={by => words.points(pointsOf(by))}
              />
              <p className="figure-side">{words.missedCalls(total.missed)}</p>
            </>
          )
        }
      </Content>
    </Card>
  )
}

function Devices({ told, asked, onAgain }: Props) {
  const words = useFigureWords()
  return (
    <Card title={words.devices} what={words.devicesWhat} csv={csvPath('devices', asked)}>
      <Content told={told.devices} onAgain={onAgain}>
        {({ total }) =>
          total.devices === 0 ? (
            <p className="figure-nothing">{words.noDevices}</p>
          ) : (
            <>
              <Large value={percent(total.share)} note={words.outOf(total.online, total.devices)} />
              <p className="figure-side">
                {words.silent(total.silent)} · {words.unheard(total.unheard)}
              </p>
            </>
          )
        }
      </Content>
    </Card>
  )
}
