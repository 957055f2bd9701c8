// Shows what is hidden of somebody, for a reason that the hub writes down first.

import { Button } from 'antd'
import { useState } from 'react'
import type { MaskedField } from '../../../model/mask.ts'
import { REVEAL_REASONS, type Revealable } from '../../../model/reveal.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useRegistryWords } from '../words.ts'
import { Modal } from './modal.tsx'
import { RecordForm } from './record-form.tsx'

export type Shown = Partial<Record<MaskedField, string | null>>

type Props = {
  type: Revealable
  id: string
  fields: readonly MaskedField[]
  about?: string
  onShown(values: Shown): void
}

export function RevealButton({ type, id, fields, about, onShown }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const [open, setOpen] = useState(false)
  if (fields.length === 0) return null
  return (
    <>
      <Button
        size="small"
        onClick={() => setOpen(true)}
        {...(about !== undefined && { 'aria-label': `${words.reveal.show}: ${about}` })}
      >
        {words.reveal.show}
      </Button>
      <Modal
        open={open}
        title={words.reveal.show}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p className="registry-lead">{words.reveal.lead}</p>
        <RecordForm
          fields={[
            {
              name: 'reason',
              label: words.reveal.reason,
              as: 'choice',
              required: true,
              wide: true,
              options: REVEAL_REASONS.map(value => ({ value, label: words.reveal.reasons[value] })),
            },
          ]}
          initial={{ reason: 'registry' }}
          submit={words.reveal.do}
          onCancel={() => setOpen(false)}
          onSubmit={async ({ reason }) => {
            const answer = await http.post<{ values: Shown }>('reveals', { type, id, fields, reason })
            if (!answer.ok) return answer.problem
            onShown(answer.value.values)
            setOpen(false)
            return undefined
          }}
        />
      </Modal>
    </>
  )
}
