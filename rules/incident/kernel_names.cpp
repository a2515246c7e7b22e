#include "rules/incident/kernel_names.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace lastgasp {
namespace {

// Names, parted by blanks. "name" is that one, "name*" what begins so, "*name" what ends so,
// "*name*" what holds it.
class NameTable {
 public:
  NameTable(std::initializer_list<std::string_view> lists) {
    for (std::string_view list : lists) {
      for (std::size_t at = 0; (at = list.find_first_not_of(" \n", at)) != list.npos;) {
        const std::size_t end = std::min(list.find_first_of(" \n", at), list.size());
        add(list.substr(at, end - at));
        at = end;
      }
    }
    std::sort(whole_.begin(), whole_.end());
  }

  bool has(std::string_view name) const {
    const auto any = [](const auto& names, auto test) {
      return std::any_of(names.begin(), names.end(), test);
    };
    return std::binary_search(whole_.begin(), whole_.end(), name) ||
           any(beginnings_, [&](auto part) { return name.starts_with(part); }) ||
           any(endings_, [&](auto part) { return name.ends_with(part); }) ||
           any(middles_, [&](auto part) { return name.find(part) != name.npos; });
  }

 private:
  void add(std::string_view pattern) {
    const bool open_front = pattern.starts_with('*');
    const bool open_end = pattern.ends_with('*');
    pattern.remove_prefix(open_front ? 1 : 0);
    pattern.remove_suffix(open_end ? 1 : 0);
    auto& names = open_front && open_end ? middles_
                  : open_front           ? endings_
                  : open_end             ? beginnings_
                                         : whole_;
    names.push_back(pattern);
  }

  std::vector<std::string_view> whole_, beginnings_, endings_, middles_;
};

constexpr std::string_view kReporting = R"(
  *panic panic_* *_panic vpanic die die_* __die* oops_* add_taint end_report __warn* warn_alloc
  warn_slowpath* warn_bogus_* report_bug fixup_bug handle_bug bug_handler BUG_handler
  call_break_hook brk_handler *printk* print_* va_format pointer string hex_string number snprintf
  vsnprintf vscnprintf scnprintf sprintf hex_dump_to_buffer console_unlock _dev_* dump_stack*
  dump_backtrace* dump_trace show_stack* show_trace* show_regs* show_registers dump_header
  dump_page* dump_cpu_task sched_show_task _sched_show_task show_state_filter unwind_backtrace
  walk_stackframe walk_stack* save_stack* __save_stack* stack_trace_* stack_depot_* set_track*
  arch_stack_walk* unwind_next_frame* unwind_frame unwind_get_return_address* *kernel_text_address*
  is_bpf_text_address is_ftrace_trampoline __set_page_owner *page_owner*
  rcu_check_* rcu_sched_clock* rcu_dump_* rcu_print_* rcu_pending *cpu_stall* rcu_stall_*
  rcu_gp_kthread rcu_gp_fqs* nmi_cpu_backtrace nmi_trigger* arch_trigger_* trigger_* watchdog*
  spin_dump spin_bug rwlock_bug __schedule_bug notify_die check_panic_on_* bad_page bad_usercopy
  *_handle_error __ext4_error* ext4_error* oom_kill_process out_of_memory check_panic_on_oom skb_over_panic skb_under_panic
  kern_assert lockdebug_* breakpoint savectx db_enter db_panic db_trace* kdb_* Debugger cpu_Debugger kern_reboot __assert
  witness_* doreti sysbeep note_interrupt csd_lock_record)";

constexpr std::string_view kTraps = R"(
  trap calltrap trap_* kerntrap kpageflttrap alltraps* *_trap do_trap* do_error_* common_trap
  page_fault* do_page_fault __do_page_fault async_page_fault do_async_page_fault
  do_user_addr_fault do_kern_addr_fault handle_page_fault error_code error_entry
  general_protection do_general_protection invalid_op do_invalid_op divide_error do_divide_error
  double_fault do_double_fault machine_check do_machine_check no_context mm_fault_error
  bad_area* __bad_area* bad_page_fault fixup_exception kernelmode_fixup_or_oops die_kernel_fault
  __do_kernel_fault do_kernel_fault do_translation_fault do_bad_area do_mem_abort
  do_tag_check_fault do_alignment_fault do_sp_pc_fault do_debug_exception do_undefinstr
  do_DataAbort do_PrefetchAbort __dabt_svc __pabt_svc __und_svc __irq_svc __irq_usr arm_notify_die
  arm64_notify_die handle_bad_stack __bad_stack el0_* el1_* el1h_* el1t_* exc_* asm_* sysvec_*
  __sysvec_* do_nmi default_do_nmi nmi nmi_* end_repeat_nmi first_nmi
  entry_* syscall Xsyscall amd64_syscall fast_syscall_common Xfast_syscall dosyscall
  system_call_fastpath do_syscall_* do_fast_syscall* do_int80* syscall_exit* ret_from_*
  ret_fast_syscall retint_* restore_regs* interrupt_entry idtentry_* irqentry_* kthread
  fork_exit fork_trampoline end_of_kernel start_secondary x86_64_start_* secondary_*
  cpu_startup_entry do_idle *_idle arch_cpu_idle* cpuidle_* native_safe_halt intel_idle*
  __x86_* retpoline_* handle_exception)";

constexpr std::string_view kInterrupts = R"(
  irq_enter* irq_exit* __irq_exit* do_IRQ handle_irq* __handle_irq* __handle_domain_irq common_interrupt
  generic_handle_* gic_handle_* handle_domain_irq handle_edge_irq handle_level_irq
  handle_fasteoi_irq handle_simple_irq handle_percpu_devid_irq
  arch_timer_handler* tick_* hrtimer_interrupt __hrtimer_run_queues hrtimer_run_* timer_interrupt
  update_process_times run_local_timers *apic_timer* local_apic_* smp_apic_* __do_softirq
  do_softirq* invoke_softirq __local_bh_* local_bh_* generic_exec_single flush_tlb_* csd_lock_wait
  __csd_lock_wait flush_smp_call* smp_call_function* on_each_cpu* handle_nested_irq)";

constexpr std::string_view kCheckers = R"(
  *kasan* __asan_* __hwasan* *kmsan* __msan_* *kcsan* __tsan_* *kfence* *ubsan* __sanitizer_*
  write_comp_data check_memory_region* memory_is_* check_preempt* check_stack_* __check_object*
  __check_heap* check_heap_object *usercopy* read_word_at_a_time __read_once* __write_once*
  instrument_* lockdep_* __lockdep* *lock_acquire* *lock_release* lock_is_held* register_lock_class
  look_up_lock_class validate_chain check_prev* check_noncircular check_usage* mark_lock* mark_held*
  mark_usage find_held_lock debug_* __debug_* might_* __might_* ___might_* __this_cpu_preempt*
  trace_hardirqs* trace_softirqs* trace_irq_* perf_trace_lock* kmemleak_* should_fail* fail_dump
  fault_create* __virt_addr_valid __virt_to_phys* __phys_addr* __phys_to_virt* ref_tracker*
  rcu_is_watching rcu_lockdep* rcu_read_lock* rcu_read_unlock* __rcu_read_* srcu_read_*
  __srcu_read_* fortify_* __fortify* arch_static_branch)";

constexpr std::string_view kAllocators = R"(
  malloc malloc_* free realloc kern_malloc zfree kfree* __kfree* kvfree* vfree __vfree* kmalloc*
  __kmalloc* ___kmalloc* __do_kmalloc* krealloc* kzalloc* kcalloc* kmemdup* kstrdup* kvmemdup*
  kmem_* __kmem_* kvmalloc* __kvmalloc* vmalloc* __vmalloc* vzalloc* __vunmap slab_* __slab_*
  ___slab_* new_slab* allocate_slab do_slab_free free_to_partial* *alloc_pages* alloc_page*
  __alloc_frozen* folio_alloc* filemap_alloc_* get_page_from_freelist post_alloc_hook prep_new_page
  prep_compound* free_pages* __free_* free_unref_* free_large_* free_percpu free_pcppages* put_page
  __put_page __folio_put* folio_put* pcpu_* __alloc_percpu* mempool_* page_pool_alloc*
  __page_pool_* __get_free_pages memdup_user* sk_prot_alloc sk_alloc alloc_inode
  uma_* pool_get pool_put pool_do_* pool_cache_* pool_p_* km_alloc km_free)";

constexpr std::string_view kCopying = R"(
  memcpy memset memmove memcmp memchr memscan memchr_inv __memcpy* memcpy_* __memset* memset_*
  __memmove* memmove_* bcmp bcopy bzero copyin copyout copyinstr copyoutstr copy_user_*
  copy_from_user* copy_to_user* _copy_* __copy_from* __copy_to* __copy_user* raw_copy_*
  copy_to_iter* copy_from_iter* copy_page_to_iter* copy_page_from_iter* simple_copy_to_iter
  iov_iter_copy* rep_movs* rep_stos* csum_partial* strlen strnlen strcpy strncpy strlcpy strscpy*
  sized_strscpy strcmp strncmp strcasecmp strncasecmp strcat strncat strlcat strchr strrchr
  strnchr strstr strnstr strsep strspn strcspn strim skip_spaces
  __raw_read* __raw_write* ioread* iowrite* logic_in* logic_out*)";

constexpr std::string_view kLocks = R"(
  _raw_* __raw_spin* __raw_read_* __raw_write_* do_raw_* raw_spin_* _spin_* spin_lock* spin_unlock*
  spinlock_* __spin_* arch_spin_* _read_lock* _write_lock* queued_* native_queued_* *pv_queued*
  mutex_* __mutex_* ww_mutex* rt_mutex* __rt_mutex* rwsem_* __rwsem* call_rwsem* down down_* __down*
  up up_* percpu_down_* percpu_up_* percpu_rwsem_* __percpu_* percpu_ref_*
  __sb_start_* sb_start_* osq_* semaphore_* lock_sock*
  release_sock lock_timer* __task_rq_lock task_rq_lock raw_spin_rq_lock*
  lock_page* __lock_page* unlock_page folio_lock* __folio_lock* folio_unlock folio_wait*
  wait_on_page* wait_on_bit* __wait_on_* out_of_line_wait_on_* console_lock
  schedule schedule_* __schedule* io_schedule* preempt_schedule* ___preempt_* __switch_to*
  finish_task_switch* context_switch prepare_to_wait* finish_wait wait_for_* __wait_for_*
  do_wait_for_* __wait_rcu_gp* wait_rcu_gp* kthread_stop kthread_park __wake_up* wake_up
  wake_up_process wake_up_bit wake_up_var try_to_wake_up complete complete_all swake_* __swake*
  filemap_fdatawait* __filemap_fdatawait* filemap_fdatawrite* __filemap_fdatawrite* fdatawait_*
  mi_switch sched_switch sleepq_* _sleep tsleep* msleep* sleep_finish cv_wait* _cv_* mtx_* _mtx_*
  __mtx_* thread_lock_* _rw_* __rw_* rw_enter* rw_exit* rw_vector* _sx_* sx_* _rm_* __lockmgr*
  lockmgr_* turnstile_* cnd_wait)";

constexpr std::string_view kStructures = R"(
  list_* __list_* hlist_* rb_* __rb_* radix_tree_* __radix_tree* idr_* ida_* xa_* __xa_* xas_*
  rhashtable_* __rhashtable* rht_* plist_* klist_* llist_* bitmap_* find_next_bit* _find_next_*
  refcount_* __refcount* kref_* atomic_* arch_atomic* raw_atomic* __atomic* _atomic_dec_and_lock
  kobject_* __kobject* kset_* add_uevent_var)";

// Services of the kernel's core: whoever calls them wrongly is the culprit.
constexpr std::string_view kServices = R"(
  device_add device_del device_register device_unregister device_release device_create*
  device_destroy* device_initialize device_for_each_child* device_remove_* device_is_*
  get_device* put_device devres_* dpm_* sysfs_* kernfs_* proc_register proc_create* proc_mkdir*
  remove_proc_* rollback_registered* unregister_netdevice_queue unregister_netdevice_many*
  unregister_netdev tty_unregister_device* tty_register_device* i2c_del_adapter __unregister_client
  usb_start_wait_urb usb_control_msg* usb_bulk_msg usb_interrupt_msg usb_submit_urb usb_kill_* usb_poison_*
  flush_work* __flush_work* flush_delayed_work flush_workqueue* __flush_workqueue cancel_work*
  __cancel_work* cancel_delayed_work* drain_workqueue destroy_workqueue queue_work* __queue_work
  queue_delayed_work* __queue_delayed_work insert_work mod_delayed_work* try_to_grab_pending
  work_is_static_object work_fixup_* start_flush_work
  del_timer* timer_delete* __timer_delete* timer_shutdown* try_to_del_timer* __try_to_del_timer*
  mod_timer* __mod_timer add_timer* init_timer_key timer_is_static* timer_fixup_* detach_if_pending
  sk_stop_timer* sk_reset_timer tasklet_kill tasklet_init irq_work_*
  skb_pull* __skb_pull* skb_push* skb_put* __skb_put* __filemap_get_folio* pagecache_get_page find_lock_entries truncate_inode_pages*
  cleanup_srcu_struct* notifier_call_chain* raw_notifier_* blocking_notifier_* atomic_notifier_*
  call_netdevice_notifiers*)";

constexpr std::string_view kHandingOver = R"(
  process_one_work worker_thread kthread kthread_worker_fn smpboot_thread_fn ret_from_fork*
  __do_softirq do_softirq* handle_softirqs run_ksoftirqd net_rx_action __napi_poll napi_poll
  __netif_receive_skb* netif_receive_skb* process_backlog call_timer_fn expire_timers __run_timers
  __run_timer_base run_timer_softirq __hrtimer_run_queues hrtimer_run_queues hrtimer_run_softirq
  tasklet_action* __fput ____fput task_work_run exit_to_user* do_exit vfs_read __vfs_read vfs_write
  __vfs_write new_sync_read new_sync_write do_iter_* call_read_iter call_write_iter do_loop_readv*
  vfs_ioctl do_vfs_ioctl ksys_ioctl blkdev_driver_ioctl blkdev_ioctl compat_blkdev_ioctl *_compat_ioctl ksys_read ksys_write
  sock_sendmsg* sock_recvmsg* ____sys_sendmsg ____sys_recvmsg sock_write_iter sock_read_iter
  sock_ioctl sock_do_ioctl sock_common_setsockopt sock_common_getsockopt do_sock_setsockopt
  do_sock_getsockopt rtnetlink_rcv_msg nfnetlink_rcv_msg genl_rcv_msg genl_family_rcv_msg*
  netlink_dump genl_lock_dumpit genl_dumpit __do_fault do_fault mmap_region
  do_syscall_* do_fast_syscall* do_int80* entry_SYSCALL* invoke_syscall el0_svc* ret_fast_syscall
  blk_mq_run_hw_queue really_probe do_one_initcall kernel_init handle_irq_event_percpu
  __handle_irq_event_percpu security_*)";

constexpr std::string_view kHandingOverCalls = R"(
  ioctl read write readv writev pread64 pwrite64 preadv* pwritev* sendmsg sendto recvmsg recvfrom
  setsockopt getsockopt close exit exit_group)";

const NameTable& plumbing() {
  static const NameTable table{kReporting, kTraps, kInterrupts, kCheckers, kAllocators,
                               kCopying,   kLocks, kStructures, kServices};
  return table;
}

}  // namespace

bool is_plumbing(std::string_view function) { return plumbing().has(function); }

bool hands_over(std::string_view function) {
  static const NameTable functions{kHandingOver};
  static const NameTable calls{kHandingOverCalls};
  const std::string_view call = system_call(function);
  return functions.has(function) || (!call.empty() && calls.has(call));
}

std::string_view cross_call(std::string_view function) {
  static constexpr std::array<std::string_view, 2> kNames{"smp_call_function", "on_each_cpu"};
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return function.starts_with(name);
  });
  return found == kNames.end() ? std::string_view{} : *found;
}

std::string_view system_call(std::string_view function) {
  static constexpr std::array<std::string_view, 12> kEntries{
      "__x64_sys_", "__ia32_sys_", "__arm64_sys_", "__riscv_sys_", "__s390x_sys_", "__se_sys_",
      "__do_sys_",  "compat_SyS_", "compat_sys_",  "SyS_",         "SYSC_",        "sys_"};
  if (const std::size_t compat = function.find("_compat_sys_"); compat != function.npos) {
    function.remove_prefix(compat + 1);
  }
  for (const std::string_view entry : kEntries) {
    if (function.starts_with(entry)) {
      return function.substr(entry.size());
    }
  }
  return {};
}

}  // namespace lastgasp
