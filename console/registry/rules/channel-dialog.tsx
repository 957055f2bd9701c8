// A channel that is set up, or changed.

import { useState } from 'react'
import { CHANNEL_KINDS, type ChannelKind, type ShownChannel } from '../../../model/channel.ts'
import { useHttp } from '../../shell/http-context.ts'
import type { FieldSpec } from '../parts/field-spec.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { useRegistry } from '../registry-context.ts'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'
import { CONFIG_FIELDS, changeOfChannel, fieldName, newChannel, toFields } from './channel-config.ts'

type Props = { channel: ShownChannel | undefined; onClose(): void; onDone(): void }

export function ChannelDialog({ channel, onClose, onDone }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const { tell } = useRegistry()
  const [chosen, setChosen] = useState<ChannelKind>('smtp')
  const said = words.channels
  const kind = channel?.kind ?? chosen
  return (
    <Modal
      open
      width="min(44rem, 94vw)"
      title={channel ? said.edit(channel.name) : said.add}
      footer={null}
      onCancel={onClose}
    >
      {!channel && <KindChoice chosen={chosen} onChoose={setChosen} />}
      <RecordForm
        // The fields of another kind are others.
        key={kind}
        fields={channelFields(words, { kind, channel })}
        initial={channel ? toFields(channel) : kind === 'smtp' ? { [fieldName('security')]: 'tls' } : {}}
        onCancel={onClose}
        onSubmit={async values => {
          if (channel) {
            const change = changeOfChannel(channel, values)
            if (Object.keys(change).length === 0) return void onClose()
            const answer = await http.patch(`channels/${channel.id}`, change)
            if (!answer.ok) return answer.problem
          } else {
            const answer = await http.post('channels', newChannel(kind, values))
            if (!answer.ok) return answer.problem
          }
          tell({ tone: 'good', text: words.saved })
          onDone()
          return undefined
        }}
      />
    </Modal>
  )
}

type ChoiceProps = { chosen: ChannelKind; onChoose(kind: ChannelKind): void }

function KindChoice({ chosen, onChoose }: ChoiceProps) {
  const words = useRegistryWords()
  return (
    <fieldset className="registry-kinds">
      <legend>{words.kind}</legend>
      {CHANNEL_KINDS.map(kind => (
        <label key={kind}>
          <input type="radio" name="channel-kind" checked={kind === chosen} onChange={() => onChoose(kind)} />
          {words.channels.kinds[kind]}
        </label>
      ))}
    </fieldset>
  )
}

type Of = { kind: ChannelKind; channel: ShownChannel | undefined }

function channelFields(words: RegistryWords, { kind, channel }: Of): FieldSpec[] {
  const said = words.channels
  const fields = CONFIG_FIELDS[kind].map((field): FieldSpec => {
    const { name, options, required = false, ...rest } = field
    const isKept = channel?.secrets[name] === 'set'
    return {
      ...rest,
      name: fieldName(name),
      label: said.fields[name] ?? name,
      required: required && !isKept,
      hint: isKept ? said.secretKeep : (said.hints[`${kind}.${name}`] ?? said.hints[name]),
      ...(options && { options: options.map(value => ({ value, label: said.securities[value] ?? value })) }),
    }
  })
  return [
    { name: 'name', label: words.title, as: 'text', required: true, max: 100 },
    { name: 'areaId', label: words.area, as: 'area', hint: said.areaHint },
    ...fields,
  ]
}
