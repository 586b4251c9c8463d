import { ElMessageBox } from 'element-plus'
import { t } from '@/i18n'

/** true when the person agrees. */
export async function ask(question: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question, t('app.please_confirm'), {
      confirmButtonText: t('app.confirm'),
      cancelButtonText: t('app.cancel'),
      type: 'warning',
      showClose: false,
    })
    return true
  } catch {
    return false
  }
}
