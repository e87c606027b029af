// Roles: what this program does when it runs as a child of itself.
//
// Memory and threads: none are kept. Failure: Fail, if there is no such role.
#ifndef REMOTE_DRAM_BENCH_ROLES_H_
#define REMOTE_DRAM_BENCH_ROLES_H_

#include <string>

namespace remote_dram::bench {

// Runs a role, given as its name and arguments separated by blanks; returns when the parent ends the child's input.
void PlayRole(const std::string& role);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_ROLES_H_
