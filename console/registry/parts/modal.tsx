// A dialog of the registry. It goes beneath another screen with the registry and comes back with it: a key that is
// pressed up there is none of its own.

import { Modal as AntModal, type ModalProps } from 'antd'
import { useShown } from '../../shell/shown.ts'

export function Modal({ keyboard = true, ...rest }: ModalProps) {
  const shown = useShown()
  return <AntModal {...rest} keyboard={keyboard && shown} />
}
