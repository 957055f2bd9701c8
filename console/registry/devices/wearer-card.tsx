// Who wears a device: given to an elder, taken off again.

import { Button } from 'antd'
import type { Device } from '../../../model/device.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Link } from '../../shell/link.tsx'
import { useEditing } from '../form-drafts.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { ResidentName } from '../parts/resident-name.tsx'
import { ResidentPicker } from '../parts/resident-picker.tsx'
import { Card, Empty } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useRegistryWords } from '../words.ts'

export function WearerCard({ device, onChanged }: { device: Device; onChanged(): Promise<void> }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights, tell } = useRegistry()
  const { id, residentId } = device
  const draft = `wearer ${id}`
  const [pairing, setPairing] = useEditing(draft)
  const wear = (wearer: unknown) => http.patch<Device>(`devices/${id}`, { residentId: wearer })
  return (
    <Card title={words.devices.wearer}>
      {residentId === null ? (
        <Empty text={words.devices.nobody} />
      ) : (
        <p className="registry-line">
          <Link to={pathOf('residents', residentId)} className="registry-name">
            <ResidentName id={residentId} />
          </Link>
          {rights.edits && (
            <ConfirmButton
              small
              label={words.devices.unpair}
              sure={words.devices.unpairSure}
              act={() => wear(null)}
              onDone={() => void onChanged()}
            />
          )}
        </p>
      )}
      {rights.edits && residentId === null && !pairing && (
        <Button onClick={() => setPairing(true)}>{words.devices.pairWith}</Button>
      )}
      {pairing && residentId === null && (
        <RecordForm
          draft={draft}
          fields={[
            {
              name: 'residentId',
              label: words.devices.pairWith,
              as: 'own',
              required: true,
              wide: true,
              part: <ResidentPicker />,
            },
          ]}
          initial={{}}
          submit={words.devices.pairWith}
          onCancel={() => setPairing(false)}
          onSubmit={async values => {
            const answer = await wear(values.residentId)
            if (!answer.ok) return answer.problem
            setPairing(false)
            tell({ tone: 'good', text: words.saved })
            await onChanged()
            return undefined
          }}
        />
      )}
    </Card>
  )
}
