// By what people are told: the ways that are set up, switched on and off, and tried with a test message.

import { Button, Switch } from 'antd'
import { useState } from 'react'
import type { ShownChannel } from '../../../model/channel.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage, useWords } from '../../shell/language.tsx'
import { refusal } from '../../shell/refusals.ts'
import { readAll } from '../answers.ts'
import { areaPath } from '../area-tree.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { ChannelDialog } from './channel-dialog.tsx'

export function ChannelsPart() {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const [edited, setEdited] = useState<ShownChannel | 'new'>()
  const channels = useAnswer<ShownChannel[]>('channels', () => readAll<ShownChannel>(http, 'channels'))
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.channels}</h1>
        {rights.edits && (
          <Button type="primary" onClick={() => setEdited('new')}>
            {words.channels.add}
          </Button>
        )}
      </header>
      <p className="registry-lead">{words.channels.lead}</p>
      <Settled of={channels}>
        {items =>
          items.length === 0 ? (
            <Empty text={words.channels.empty} />
          ) : (
            items.map(each => (
              <OneChannel
                key={each.id}
                channel={each}
                onEdit={() => setEdited(each)}
                onChanged={channels.reload}
              />
            ))
          )
        }
      </Settled>
      {edited && (
        <ChannelDialog
          channel={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onDone={() => {
            setEdited(undefined)
            void channels.reload()
          }}
        />
      )}
    </>
  )
}

type OneProps = { channel: ShownChannel; onEdit(): void; onChanged(): Promise<void> }

function OneChannel({ channel, onEdit, onChanged }: OneProps) {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { rights, areas, tell } = useRegistry()
  const [testing, setTesting] = useState(false)
  const said = words.channels
  const { id, name, kind, areaId, enabled, config, secrets } = channel

  async function turn(on: boolean): Promise<void> {
    const answer = await http.patch(`channels/${id}`, { enabled: on })
    if (!answer.ok) tell({ tone: 'bad', text: refusal(answer.problem, shared) })
    await onChanged()
  }

  const extra = rights.edits && (
    <span className="registry-extra">
      <Button size="small" aria-label={`${said.test}: ${name}`} onClick={() => setTesting(true)}>
        {said.test}
      </Button>
      <Button size="small" aria-label={`${words.edit}: ${name}`} onClick={onEdit}>
        {words.edit}
      </Button>
      <ConfirmButton
        small
        label={said.archive}
        about={name}
        sure={said.archiveSure(name)}
        act={() => http.delete(`channels/${id}`)}
        onDone={() => {
          tell({ tone: 'good', text: said.archived })
          void onChanged()
        }}
      />
      <Switch checked={enabled} onChange={on => void turn(on)} aria-label={`${said.enabled}: ${name}`} />
    </span>
  )
  const facts: [string, string][] = [
    ...Object.entries(config).map(([field, value]): [string, string] => [
      said.fields[field] ?? field,
      typeof value === 'string' ? (said.securities[value] ?? value) : JSON.stringify(value),
    ]),
    ...Object.entries(secrets).map(([field, state]): [string, string] => [
      said.fields[field] ?? field,
      state === 'set' ? said.secretSet : said.secretMissing,
    ]),
  ]
  return (
    <Card title={name} extra={extra}>
      <p className="registry-line">
        <span className="mark is-plain">{said.kinds[kind]}</span>
        <span className={`mark ${enabled ? 'is-plain' : 'is-warn'}`}>{enabled ? said.on : said.off}</span>
        <span>{areaPath(areas, areaId)}</span>
      </p>
      <dl className="registry-data">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TestDialog channel={channel} open={testing} onClose={() => setTesting(false)} />
    </Card>
  )
}

/** What became of a test, as far as it is told here. */
type Tried = { sent: boolean; reason?: string; detail?: string }

function TestDialog({ channel, open, onClose }: { channel: ShownChannel; open: boolean; onClose(): void }) {
  const words = useRegistryWords()
  const language = useLanguage()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.channels
  return (
    <Modal
      open={open}
      title={`${said.test}: ${channel.name}`}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <RecordForm
        fields={[
          { name: 'to', label: said.testTo, as: 'text', max: 4_000, hint: said.testToHint, wide: true },
        ]}
        initial={{}}
        submit={said.testSend}
        onCancel={onClose}
        onSubmit={async ({ to }) => {
          const answer = await http.post<Tried>(`channels/${channel.id}/test`, {
            to: to ?? '',
            language: language === 'en' ? 'en' : 'zh',
          })
          if (!answer.ok) return answer.problem
          const { sent, reason, detail } = answer.value
          if (!sent) return { code: 'BAD_REQUEST', detail: `${said.testFailed}${detail ?? reason ?? ''}` }
          tell({ tone: 'good', text: said.testSent })
          onClose()
          return undefined
        }}
      />
    </Modal>
  )
}
