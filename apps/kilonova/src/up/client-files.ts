import { stringify } from 'yaml';

/** Where the four HTTP services answer. */
export interface Endpoints {
  readonly identity: string;
  readonly compute: string;
  readonly placement: string;
  readonly image: string;
}

/** `clouds.yaml` for the stock clients: one cloud named `kilonova`, and `kilonova-demo` for an ordinary user. */
export const cloudsYaml = (endpoints: Endpoints, passwords: { readonly admin: string; readonly demo: string }): string => {
  const cloud = (username: string, project_name: string, password: string) => ({
    auth: {
      auth_url: endpoints.identity,
      username,
      password,
      project_name,
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: 'RegionOne',
    interface: 'public',
    identity_api_version: 3,
  });
  return stringify({
    clouds: { kilonova: cloud('admin', 'admin', passwords.admin), 'kilonova-demo': cloud('demo', 'demo', passwords.demo) },
  });
};

/** The same as shell variables, to be sourced. */
export const openrc = (endpoints: Endpoints, adminPassword: string): string =>
  [
    ['OS_AUTH_URL', endpoints.identity],
    ['OS_USERNAME', 'admin'],
    ['OS_PASSWORD', adminPassword],
    ['OS_PROJECT_NAME', 'admin'],
    ['OS_USER_DOMAIN_NAME', 'Default'],
    ['OS_PROJECT_DOMAIN_NAME', 'Default'],
    ['OS_REGION_NAME', 'RegionOne'],
    ['OS_IDENTITY_API_VERSION', '3'],
  ]
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
