import { button, element } from '../page/element.ts';
import { field } from '../page/field.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';

/** Asks how the new passkey will be called, and then for one that the customer has. */
export function askName(to: {
  readonly onName: (label: string, say: (text: string) => void) => Promise<void>;
  readonly back: () => Promise<void>;
}): void {
  const notice = createNotice();
  const name = field('What you will call it', 'passkey-name', { maxlength: '60' });
  show({
    title: 'Add a passkey',
    body: [
      element(
        'p',
        { class: 'lead' },
        'First you confirm with one that you have. Then you make the new one.',
      ),
      notice.node,
      name.node,
      button(
        'Confirm with your passkey',
        async () => {
          const label = name.input.value.trim();
          if (label === '') return notice.say('Give it a name, so that you know it again.');
          return to.onName(label, notice.say);
        },
        'main',
      ),
      element('p', { class: 'end' }, button('Back', to.back)),
    ],
  });
}
