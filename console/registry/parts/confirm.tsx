// Asks before something that cannot be taken back, and says so where it was refused.

import { Button } from 'antd'
import { useState } from 'react'
import type { Answer, Problem } from '../../shell/http.ts'
import { useWords } from '../../shell/language.tsx'
import { sayProblem } from '../said.ts'
import { useRegistryWords } from '../words.ts'
import { Modal } from './modal.tsx'
import { Refused } from './refused.tsx'

type Props = {
  label: string
  sure: string
  /** For whoever does not see beside what the button stands. */
  about?: string
  danger?: boolean
  small?: boolean
  disabled?: boolean
  act(): Promise<Answer<unknown>>
  onDone(): void
}

export function ConfirmButton({
  label,
  sure,
  about,
  danger = true,
  small = false,
  disabled,
  act,
  onDone,
}: Props) {
  const words = useRegistryWords()
  const shared = useWords()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  async function confirm(): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    const answer = await act()
    setBusy(false)
    if (!answer.ok) return setProblem(answer.problem)
    setOpen(false)
    onDone()
  }

  return (
    <>
      <Button
        danger={danger}
        size={small ? 'small' : 'middle'}
        disabled={disabled ?? false}
        onClick={() => {
          setProblem(undefined)
          setOpen(true)
        }}
        {...(about !== undefined && { 'aria-label': `${label}: ${about}` })}
      >
        {label}
      </Button>
      <Modal
        open={open}
        title={label}
        okText={words.confirm}
        cancelText={words.cancel}
        okButtonProps={{ danger, loading: busy, className: 'registry-confirm' }}
        onOk={() => void confirm()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p className="registry-sure">{sure}</p>
        {problem && <Refused said={sayProblem(problem, { shared, words })} />}
      </Modal>
    </>
  )
}
