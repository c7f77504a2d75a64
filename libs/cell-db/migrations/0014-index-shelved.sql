-- Servers that are shelved and still on their hosts: looked for now and then, to have them leave.
CREATE INDEX ON instances (vm_state) WHERE vm_state = 'shelved';
