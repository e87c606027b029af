// Roles: what this program is as a child of itself.
//
// Memory and threads: none are kept. Failure: Fail, if there is no such role.
#ifndef REMOTE_DRAM_BENCH_ROLES_H_
#define REMOTE_DRAM_BENCH_ROLES_H_

#include <string>

namespace remote_dram::bench {

// The role's name and its arguments, with blanks between; returns when the parent wants no more.
void PlayRole(const std::string& role);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_ROLES_H_
