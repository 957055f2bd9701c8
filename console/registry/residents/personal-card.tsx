// All that is kept of an elder: handed out as a file, or erased for ever with their name typed.

import { Button, Input } from 'antd'
import { useState } from 'react'
import { ERASURE_REASONS, type Erasure, EXPORT_REASONS } from '../../../model/personal.ts'
import type { Resident } from '../../../model/resident.ts'
import { saveFile } from '../../shell/download.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { fetchArchive } from './personal-archive.ts'

type Props = { resident: Resident }

export function PersonalCard({ resident }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const [open, setOpen] = useState<'export' | 'erase'>()
  const said = words.personal
  const path = `residents/${resident.id}/erasure`
  const state = useAnswer<{ erasure: Erasure | null }>(path, () => http.get(path))
  const erasure = state.value?.erasure
  const close = () => setOpen(undefined)
  return (
    <Card title={said.title}>
      {erasure && (
        <p className="registry-failed">
          {said.erasureStates[erasure.state]}
          {erasure.problem && ` · ${said.erasureProblems[erasure.problem]}`}
        </p>
      )}
      <p className="registry-line">
        <Button onClick={() => setOpen('export')}>{said.export}</Button>
        <Button danger onClick={() => setOpen('erase')}>
          {said.erase}
        </Button>
      </p>
      <Modal open={open === 'export'} title={said.export} footer={null} onCancel={close} destroyOnHidden>
        <ExportForm resident={resident} onClose={close} />
      </Modal>
      <Modal open={open === 'erase'} title={said.erase} footer={null} onCancel={close} destroyOnHidden>
        <EraseForm
          resident={resident}
          onClose={close}
          onAsked={() => {
            close()
            void state.reload()
          }}
        />
      </Modal>
    </Card>
  )
}

function ExportForm({ resident, onClose }: Props & { onClose(): void }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { tell } = useRegistry()
  const said = words.personal
  return (
    <>
      <p className="registry-lead">{said.exportLead}</p>
      <RecordForm
        fields={[reasonField(said.reason, EXPORT_REASONS, said.exportReasons)]}
        initial={{}}
        submit={said.exportDo}
        onCancel={onClose}
        onSubmit={async ({ reason }) => {
          const send: typeof fetch = (input, init) => fetch(input, init)
          const answer = await fetchArchive(
            { http, send },
            { residentId: resident.id, reason: String(reason) },
          )
          if (!answer.ok) return answer.problem
          const { content, isWhole } = answer.value
          if (!isWhole) return { code: 'UNREACHABLE', detail: said.exportCut }
          saveFile(`${resident.id}.ndjson`, content)
          tell({ tone: 'good', text: said.exported })
          onClose()
          return undefined
        }}
      />
    </>
  )
}

function EraseForm({ resident, onClose, onAsked }: Props & { onClose(): void; onAsked(): void }) {
  const words = useRegistryWords()
  const http = useHttp()
  const said = words.personal
  const [typed, setTyped] = useState('')
  const isSame = typed.trim().normalize('NFC') === resident.name.trim().normalize('NFC')
  return (
    <>
      <p className="registry-lead">{said.eraseLead}</p>
      <RecordForm
        danger
        fields={[
          reasonField(said.reason, ERASURE_REASONS, said.erasureReasons),
          {
            name: 'confirm',
            label: said.eraseConfirm(resident.name),
            as: 'own',
            required: true,
            wide: true,
            part: <Typed onTyped={setTyped} wrong={typed !== '' && !isSame ? said.eraseWrong : undefined} />,
          },
        ]}
        initial={{}}
        submit={said.eraseDo}
        onCancel={onClose}
        onSubmit={async values => {
          if (!isSame) return { code: 'BAD_REQUEST', detail: said.eraseWrong }
          const answer = await http.post<Erasure>(`residents/${resident.id}/erasure`, values)
          if (!answer.ok) return answer.problem
          onAsked()
          return undefined
        }}
      />
    </>
  )
}

type TypedProps = {
  id?: string
  value?: string
  onChange?: (value: string) => void
  onTyped(value: string): void
  wrong: string | undefined
}

function Typed({ id, value = '', onChange, onTyped, wrong }: TypedProps) {
  return (
    <>
      <Input
        {...(id !== undefined && { id })}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={event => {
          onChange?.(event.target.value)
          onTyped(event.target.value)
        }}
      />
      {wrong && <p className="field-problem">{wrong}</p>}
    </>
  )
}

const reasonField = <R extends string>(label: string, reasons: readonly R[], words: Record<R, string>) =>
  ({
    name: 'reason',
    label,
    as: 'choice',
    required: true,
    wide: true,
    options: reasons.map(value => ({ value, label: words[value] })),
  }) as const
