import { always, anything, nullable, object, text, uuid, wrapped } from '../common/schema-kit.js';

const words = { type: 'string', minLength: 0, maxLength: 255 };

export const securityGroup = always(
  wrapped('security_group', object({ name: text(1), description: words }, ['name', 'description'])),
);

export const securityGroupRule = always(
  wrapped(
    'security_group_rule',
    object(
      {
        group_id: nullable(uuid),
        parent_group_id: uuid,
        to_port: anything,
        from_port: anything,
        ip_protocol: anything,
        cidr: anything,
      },
      ['parent_group_id'],
    ),
  ),
);
