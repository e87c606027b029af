// A program of another project: links the server and the client, and uses both.
#include <remote_dram/client.h>
#include <remote_dram/server.h>

int main() {
  remote_dram::Result<remote_dram::Server> server = remote_dram::Server::Start({});
  if (!server.ok() || !server->local().Put("key", "value").ok()) return 1;
  return remote_dram::Client::Connect("unix:/nowhere").ok() ? 1 : 0;
}
