// The secret of a device that was just registered, or got a new one: it is shown here, once, as text and as a QR code.
// What waits to be kept is in shell/unkept.ts: another screen above this one does not take it away.

import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import type { ToldSecret } from '../../shell/unkept.ts'
import { Modal } from '../parts/modal.tsx'
import { useRegistryWords } from '../words.ts'
import { pathOf, qrOf } from './qr.ts'

/** It is closed by saying that it is kept, and by nothing else: not by a slip beside it. */
export function SecretDialog({ of, onClose }: { of: ToldSecret; onClose(): void }) {
  const words = useRegistryWords()
  const said = words.devices
  const [kept, setKept] = useState(false)
  return (
    <Modal
      open
      title={said.secretTitle}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      width="min(40rem, 94vw)"
      footer={
        <Button type="primary" disabled={!kept} onClick={onClose} className="registry-secret-close">
          {words.close}
        </Button>
      }
    >
      <p className="registry-lead">{said.secretLead}</p>
      <div className="registry-secret">
        <Qr text={of.secret} label={said.secretQr} />
        <dl className="registry-data is-single">
          <Line label={said.secretUser} text={of.deviceId} />
          <Line label={said.secret} text={of.secret} />
        </dl>
      </div>
      <Checkbox checked={kept} onChange={event => setKept(event.target.checked)}>
        {said.secretKept}
      </Checkbox>
    </Modal>
  )
}

function Line({ label, text }: { label: string; text: string }) {
  const { devices: said } = useRegistryWords()
  const [told, setTold] = useState<string>()
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setTold(said.copied),
      () => setTold(said.copyFailed),
    )
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        {window.isSecureContext && (
          <Button size="small" aria-label={`${said.copy}: ${label}`} onClick={() => void copy()}>
            {said.copy}
          </Button>
        )}
        <span role="status">{told}</span>
      </dd>
    </div>
  )
}

export function Qr({ text, label }: { text: string; label: string }) {
  const modules = qrOf(text)
  const size = modules.length
  return (
    <svg className="registry-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(modules)} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
