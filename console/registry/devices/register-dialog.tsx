// Registers a device, for somebody or for nobody yet; the secret is shown right after it.

import type { CreatedDevice, Device } from '../../../model/device.ts'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { unkept } from '../../shell/unkept.ts'
import type { FieldSpec, Values } from '../parts/field-spec.ts'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'

const KINDS: readonly Device['kind'][] = ['bracelet', 'watch', 'phone', 'gateway']

export function kindOptions(words: RegistryWords): { value: string; label: string }[] {
  return KINDS.map(value => ({ value, label: words.devices.kinds[value] }))
}

/** What registering and changing have in common. */
export const deviceFields = (words: RegistryWords, isWorn: boolean): FieldSpec[] => [
  { name: 'kind', label: words.kind, as: 'choice', required: true, options: kindOptions(words) },
  ...(isWorn ? [] : [{ name: 'areaId', label: words.area, as: 'area' } as const]),
  { name: 'phone', label: words.devices.phone, as: 'text', max: 32 },
  {
    name: 'intervalS',
    label: words.devices.interval,
    as: 'number',
    min: 10,
    hint: words.devices.intervalHint,
  },
]

/** Seconds as people say them, milliseconds as the hub has them. */
export const withInterval = ({ intervalS, ...values }: Values): Values => ({
  ...values,
  intervalMs: typeof intervalS === 'number' ? intervalS * 1_000 : null,
})

type Props = {
  resident?: Pick<Resident, 'id'>
  onClose(): void
  /** Its secret is shown by then, above all else of the registry. */
  onRegistered(): void
}

export function RegisterDialog({ resident, onClose, onRegistered }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  return (
    <Modal open width="min(40rem, 94vw)" title={words.devices.add} footer={null} onCancel={onClose}>
      <RecordForm
        fields={[
          { name: 'id', label: words.id, as: 'text', max: 64, hint: words.devices.idHint },
          ...deviceFields(words, resident !== undefined),
        ]}
        initial={{ kind: 'bracelet' }}
        submit={words.devices.add}
        onCancel={onClose}
        onSubmit={async values => {
          const said = Object.entries(withInterval(values)).filter(([, value]) => value !== null)
          const answer = await http.post<CreatedDevice>('devices', {
            ...Object.fromEntries(said),
            protocol: 'mqtt',
            ...(resident && { residentId: resident.id }),
          })
          if (!answer.ok) return answer.problem
          const { device, secret } = answer.value
          unkept.add({ from: 'registration', devices: [{ deviceId: device.id, secret }] })
          onRegistered()
          return undefined
        }}
      />
    </Modal>
  )
}
